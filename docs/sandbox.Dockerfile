# The sandbox as an image: a stub of EnKash's invoice API that validates and keeps no invoice.
#
#   docker build -f docs/sandbox.Dockerfile -t enkash-sandbox .      (in the root of a clone)
#   docker run --rm -p 8080:8080 enkash-sandbox                      (options of `sandbox` at the end)
#
# Its log is a line a request, on standard error. It needs no network, no volume and no root:
# `docker run --read-only --cap-drop ALL` works as well.

FROM python:3.13.1-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY openapi openapi
COPY enkash_contract enkash_contract
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir .

FROM python:3.13.1-slim-bookworm
RUN useradd --system --no-create-home --shell /usr/sbin/nologin sandbox
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH
USER sandbox
WORKDIR /tmp
EXPOSE 8080
# Every path but the operation's is a 404, which a server that is well gives.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["python", "-c", \
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8080, timeout=2); c.request('GET', '/health'); exit(c.getresponse().status != 404)"]
ENTRYPOINT ["enkash-contract", "sandbox", "--no-config", "--host", "0.0.0.0"]
