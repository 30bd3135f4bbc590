import type { Session } from '../../postgres/session.js';

/** From now on no lease in this database lapses: who holds one has it, however long anything takes here. */
export async function lastingLeases(session: Session): Promise<void> {
  await session.execute(
    `CREATE FUNCTION annal_ops.lasting() RETURNS trigger LANGUAGE plpgsql
       AS $$ BEGIN NEW.until := 'infinity'; RETURN NEW; END $$;
     CREATE TRIGGER lasting BEFORE INSERT OR UPDATE ON annal_ops.leases
       FOR EACH ROW EXECUTE FUNCTION annal_ops.lasting();
     UPDATE annal_ops.leases SET until = until`,
  );
}
