-- The four roles of ARCHITECTURE.md's "Tenancy", and what they may do in the current database.
-- Run as superuser, any number of times; the same file for the embedded stack and for Docker.

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['qr_owner', 'qr_app', 'qr_clock', 'qr_guard'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
  END LOOP;
END $$;

ALTER ROLE qr_owner LOGIN   NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
ALTER ROLE qr_app   LOGIN   NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
ALTER ROLE qr_clock LOGIN   NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
ALTER ROLE qr_guard NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;

-- Migrations hand the guard's functions over to it.
GRANT qr_guard TO qr_owner;

-- A forgotten transaction must not hold back vacuum, nor one statement a worker for ever.
ALTER ROLE qr_app   SET statement_timeout = '30s';
ALTER ROLE qr_app   SET lock_timeout = '10s';
ALTER ROLE qr_app   SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE qr_clock SET statement_timeout = '10s';
ALTER ROLE qr_clock SET lock_timeout = '2s';
ALTER ROLE qr_clock SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE qr_owner SET lock_timeout = '10s';

DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO qr_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO qr_owner, qr_app, qr_clock', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO qr_app, qr_clock, qr_guard;
GRANT USAGE, CREATE ON SCHEMA public TO qr_owner, qr_guard;
