"""Where things stand in Procore's pages, in the guide's own words and in this place alone.

Source: https://developers.procore.com/documentation/quick-start-guide (June 2026), steps 2 to 4; the number of a
company: https://developers.procore.com/documentation/oauth-client-credentials.
"""

KEYS = "guide step 3, My Apps > your app > OAuth Credentials"
COMPONENT = "guide step 2, My Apps > your app > Data Connector Components"
INSTALL = "guide step 4, Company Tools > Admin > App Management > Install App > Install Custom App"
DIRECTORY = "guide step 4, Add a User Account to the Company Directory"
NUMBER = "the number in the browser's address once you are in the company (…/<COMPANY ID>/company/home/list)"
AUTHORIZE = "python -m quickstart authorize"
SUPPORT = "(apisupport@procore.com)"  # stands in each remedy that reports something
# Remedies that many requirements share.
UNEXPLAINED = f"Nothing in your settings explains this: report it to Procore {SUPPORT} with the exchange shown here."
ACCEPTED = "Report it to Procore at once: the token endpoint accepts, or misreports, what it must refuse."
OPEN = "Report it to Procore at once (security): who must be refused is answered, or what is not ours is shown."
# What a remedy of tests/catalogue.toml may name.
WORDS = {
    "keys": KEYS,
    "component": COMPONENT,
    "install": INSTALL,
    "directory": DIRECTORY,
    "authorize": AUTHORIZE,
    "unexplained": UNEXPLAINED,
    "accepted": ACCEPTED,
    "open": OPEN,
}
