"""The calls of step 7: companies, projects, me.

May know: oauth, model, http.
"""
