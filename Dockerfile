# The builder has compilers and Node; the image that runs has neither.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS builder
# A build of torch without CUDA is much smaller: pass the address of PyTorch's CPU index here.
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL} PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/neuroloom
COPY requirements/run.lock requirements/run.lock
RUN /opt/neuroloom/bin/python -m pip install torch==2.13.0 -r requirements/run.lock
COPY . .
RUN /opt/neuroloom/bin/python -m pip install --no-deps .

FROM ${BASE_IMAGE}
RUN useradd --create-home --uid 10001 neuroloom \
    && mkdir /data \
    && chown neuroloom:neuroloom /data
COPY --from=builder /opt/neuroloom /opt/neuroloom
ENV PATH=/opt/neuroloom/bin:${PATH} HOST=0.0.0.0 PORT=8000 DATA_DIR=/data PYTHONUNBUFFERED=1
USER 10001
WORKDIR /home/neuroloom
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/api/health', timeout=2)"]
CMD ["neuroloom"]
