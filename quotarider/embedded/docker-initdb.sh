#!/bin/bash
# Run once by the postgres image when its volume is empty: the roles, and their passwords from the environment.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /quotarider/roles.sql
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv owner QR_OWNER_PASSWORD
\getenv app QR_APP_PASSWORD
\getenv clock QR_CLOCK_PASSWORD
ALTER ROLE qr_owner PASSWORD :'owner';
ALTER ROLE qr_app PASSWORD :'app';
ALTER ROLE qr_clock PASSWORD :'clock';
SQL
