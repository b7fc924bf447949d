from django.db import migrations

FORWARD = """
CREATE FUNCTION guard_open_lead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $guard$
DECLARE
    wanted bigint;
    tenant bigint;
    found  text;
BEGIN
    IF TG_TABLE_NAME = 'leads_lead' THEN
        wanted := NEW.id; tenant := NEW.workspace_id;
    ELSE
        wanted := OLD.lead_id; tenant := OLD.workspace_id;
    END IF;
    -- the lead's row lock: without it two transactions slip past each other
    SELECT state INTO found FROM leads_lead
     WHERE workspace_id = tenant AND id = wanted FOR NO KEY UPDATE;
    IF found IN ('nurturing', 'held', 'returned', 'handed_off', 'working', 'accepted', 'opportunity')
       AND NOT EXISTS (SELECT 1 FROM sla_clock
                        WHERE workspace_id = tenant AND lead_id = wanted
                          AND met_at IS NULL AND cancelled_at IS NULL) THEN
        RAISE EXCEPTION 'lead % is open and has no running clock', wanted
              USING ERRCODE = 'check_violation', CONSTRAINT = 'open_lead_has_a_running_clock';
    END IF;
    RETURN NULL;
END
$guard$;
ALTER FUNCTION guard_open_lead() OWNER TO qr_guard;
REVOKE ALL ON FUNCTION guard_open_lead() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER open_lead_has_a_running_clock_insert AFTER INSERT ON leads_lead
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state NOT IN ('won', 'lost', 'disqualified', 'closed_unknown'))
    EXECUTE FUNCTION guard_open_lead();
CREATE CONSTRAINT TRIGGER open_lead_has_a_running_clock_update AFTER UPDATE ON leads_lead
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND NEW.state NOT IN ('won', 'lost', 'disqualified', 'closed_unknown'))
    EXECUTE FUNCTION guard_open_lead();
CREATE CONSTRAINT TRIGGER running_clock_of_an_open_lead_update AFTER UPDATE ON sla_clock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.met_at IS NULL AND OLD.cancelled_at IS NULL
          AND (NEW.met_at IS NOT NULL OR NEW.cancelled_at IS NOT NULL OR NEW.lead_id <> OLD.lead_id))
    EXECUTE FUNCTION guard_open_lead();
CREATE CONSTRAINT TRIGGER running_clock_of_an_open_lead_delete AFTER DELETE ON sla_clock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.met_at IS NULL AND OLD.cancelled_at IS NULL)
    EXECUTE FUNCTION guard_open_lead();
"""

BACKWARD = """
DROP TRIGGER running_clock_of_an_open_lead_delete ON sla_clock;
DROP TRIGGER running_clock_of_an_open_lead_update ON sla_clock;
DROP TRIGGER open_lead_has_a_running_clock_update ON leads_lead;
DROP TRIGGER open_lead_has_a_running_clock_insert ON leads_lead;
DROP FUNCTION guard_open_lead();
"""


class Migration(migrations.Migration):
    """PostgreSQL itself refuses to commit an open lead without a running clock (invariant 2).

    The function runs as qr_guard, which may read leads and clocks of all workspaces: as the app role it would see
    nothing outside the scope.
    """

    dependencies = [("sla", "0001_initial"), ("leads", "0001_initial"), ("tenancy", "0001_app_now")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
