# The same product in a container. Everything it writes lies under /data and /lake; the rest may be mounted read-only.
FROM python:3.11-slim-bookworm

# Pango makes the PDF packs, Liberation is metric-compatible with the pages' Arial.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && useradd --uid 10001 --no-create-home --home-dir /data rtt \
    && install --directory --owner rtt --mode 700 /data /lake

ENV RTT_HOME=/data PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER rtt
VOLUME /data
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8050/health', timeout=4)"]

# The workers' heartbeat files go to memory: a read-only root has no other place for them.
CMD ["gunicorn", "app:server", "--bind", "0.0.0.0:8050", "--worker-class", "gthread", "--workers", "2", \
    "--threads", "16", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
    "--logger-class", "dashboard.server.server_log.ServerLog"]
