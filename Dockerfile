# docs/deploying.md says how to run it. Built in one stage, run in another without compilers and caches.
FROM python:3.11-slim-bookworm AS build
# requirements-hosts.txt for an archive on several hosts (docs/scaling.md).
ARG REQUIREMENTS=requirements.txt
WORKDIR /src
RUN python -m venv /opt/khotin
COPY ${REQUIREMENTS} ./
RUN /opt/khotin/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r ${REQUIREMENTS}
COPY setup.cfg pyproject.toml README.md LICENSE khotin.py ./
COPY crawler crawler
COPY indexer indexer
COPY web web
RUN /opt/khotin/bin/pip install --no-cache-dir --disable-pip-version-check --no-build-isolation --no-deps .

FROM python:3.11-slim-bookworm
# Readers of scans and of old Word files; without them such files are kept, but not read.
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie catdoc \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin khotin \
 && install -d -o khotin -g khotin -m 750 /data /backups
COPY --from=build /opt/khotin /opt/khotin
ENV PATH=/opt/khotin/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KHOTIN_HOME=/data \
    KHOTIN_HOST=0.0.0.0 \
    KHOTIN_LANG=vi
USER khotin
WORKDIR /data
VOLUME ["/data", "/backups"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=8)"]
CMD ["khotin", "serve"]
