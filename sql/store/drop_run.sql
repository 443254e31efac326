-- Takes away the run that mark_run.sql marked, with everything that only it wrote.
CREATE TEMP TABLE gone AS
SELECT id AS run, first_sequence AS first,
       coalesce((SELECT min(later.first_sequence) FROM run AS later WHERE later.id > run.id) - 1,
                9223372036854775807) AS last,
       first_body, first_hop
FROM run
WHERE complete = -1;
DELETE FROM message WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM room_order WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM http WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM dns_target WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM dns WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM coverage WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM diagnostic WHERE sequence BETWEEN (SELECT first FROM gone) AND (SELECT last FROM gone);
DELETE FROM body WHERE id >= (SELECT first_body FROM gone) AND id NOT IN
    (SELECT body FROM message WHERE sequence >= (SELECT first FROM gone) AND body IS NOT NULL);
DELETE FROM hop WHERE id >= (SELECT first_hop FROM gone) AND id NOT IN
    (SELECT hop FROM message WHERE sequence >= (SELECT first FROM gone));
DELETE FROM skipped WHERE run = (SELECT run FROM gone);
DELETE FROM input WHERE run = (SELECT run FROM gone);
DELETE FROM run WHERE id = (SELECT run FROM gone);
DROP TABLE gone;
UPDATE derivation SET complete = 0;
