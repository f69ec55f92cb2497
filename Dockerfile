# The suite in a box: docker run --rm -e PROCORE_CLIENT_ID -e PROCORE_CLIENT_SECRET -e PROCORE_COMPANY_ID IMAGE --target=sandbox
# Reports go to the working folder: --user "$(id -u)" --volume "$PWD:/work" keeps them. docs/pipelines.md
FROM python:3.13-slim AS built
COPY requirements.txt /
RUN python -m venv /opt/python && /opt/python/bin/pip install --no-cache-dir --require-hashes --requirement /requirements.txt

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home suite && install --directory --owner=suite /work
COPY --from=built /opt/python /opt/python
COPY conftest.py pytest.ini /suite/
COPY quickstart /suite/quickstart/
COPY standin /suite/standin/
COPY tests /suite/tests/
COPY schemas /suite/schemas/
COPY cassettes /suite/cassettes/
ENV PATH=/opt/python/bin:$PATH \
    PYTHONPATH=/suite \
    PYTHONDONTWRITEBYTECODE=1 \
    PROCORE_TOKEN_CACHE=/tmp/procore-tokens
USER 10001
WORKDIR /work
ENTRYPOINT ["python", "-P", "-m", "quickstart", "run"]
