import pg from 'pg'; import { readFileSync } from 'node:fs';
const ids = JSON.parse(readFileSync('/tmp/perf/ids.json')); const u = ids.uids;
const password = readFileSync('/tmp/perf/annal/index/postgres/data/annal.password', 'utf8').trim();
const c = new pg.Client({ host: '/tmp/perf/annal/index/postgres/run', port: 5432, user: 'annal', password, database: 'annal' }); await c.connect();
const s = (await c.query("select table_schema from information_schema.tables where table_name='instances'")).rows[0].table_schema; await c.query(`set search_path=${s}`);
const COLUMNS = `i.key, i.id, i.blob_key AS "blobKey", i.size, i.compression, i.transfer_syntax_uid AS "transferSyntax", se.series_instance_uid AS "seriesInstanceUid", i.sop_instance_uid AS "sopInstanceUid"`;
const LAT = `CROSS JOIN LATERAL ( SELECT ${COLUMNS} FROM instances i JOIN series se ON se.key = i.series_key JOIN studies st ON st.key = se.study_key
  WHERE i.sop_instance_uid = named.instance AND se.series_instance_uid = coalesce(named.series, se.series_instance_uid) AND st.study_instance_uid = coalesce(named.study, st.study_instance_uid) LIMIT 2 ) found`;
const q = {
 unnest: [`SELECT named.nth, found.* FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY named (instance, series, study, nth) ${LAT}`, us => [us.map(x => x.sopUid), us.map(x => x.seriesUid), us.map(x => x.studyUid)]],
 json: [`SELECT named.nth, found.* FROM json_to_recordset($1) named (nth int, instance text, series text, study text) ${LAT}`, us => [JSON.stringify(us.map((x, nth) => ({ nth, instance: x.sopUid, series: x.seriesUid, study: x.studyUid })))]],
 one: [`SELECT ${COLUMNS} FROM instances i JOIN series se ON se.key = i.series_key JOIN studies st ON st.key = se.study_key WHERE i.sop_instance_uid = $1 AND se.series_instance_uid = $2 AND st.study_instance_uid = $3 LIMIT 2`, us => [us[0].sopUid, us[0].seriesUid, us[0].studyUid]],
 idany: ['SELECT key, id, blob_key AS "blobKey", size, compression FROM instances WHERE id = ANY($1)', us => [us.map((x, i) => ids.slices[i].instance)]],
 idjson: ['SELECT f.* FROM json_array_elements_text($1) n (id) CROSS JOIN LATERAL (SELECT key, id, blob_key AS "blobKey", size, compression FROM instances WHERE id = n.id LIMIT 1) f', us => [JSON.stringify(us.map((x, i) => ids.slices[i].instance))]],
 idone: ['SELECT key, id, blob_key AS "blobKey", size, compression FROM instances WHERE id = $1', us => [ids.slices[0].instance]],
};
const pid = (await c.query('select pg_backend_pid() p')).rows[0].p; const cpu = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
for (let r = 0; r < 2; r++) for (const [k, [text, vals]] of Object.entries(q)) for (const n of k.endsWith('one') ? [1] : [1, 4]) { const v = vals(u.slice(0, n)); const run = async m => { for (let i = 0; i < m; i++) { const { rows } = await c.query({ name: k, text, values: v }); if (rows.length !== n) throw new Error(k + rows.length); } }; await run(300); const a = cpu(), d = process.cpuUsage(); await run(2000); const e = process.cpuUsage(d); console.log(k, n, 'backend us', Math.round((cpu() - a) / 2000), 'client us', Math.round((e.user + e.system) / 2000)); }
process.exit(0);
