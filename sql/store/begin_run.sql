-- A run begins behind all rows of the runs before it. Its totals come with end_run.sql.
INSERT INTO run (tool, filter, complete, first_sequence, first_place, first_body, first_hop)
VALUES (?1, ?2, 0,
        max((SELECT coalesce(max(sequence), 0) FROM message),
            (SELECT coalesce(max(sequence), 0) FROM http),
            (SELECT coalesce(max(sequence), 0) FROM dns),
            (SELECT coalesce(max(sequence), 0) FROM coverage),
            (SELECT coalesce(max(sequence), 0) FROM diagnostic)) + 1,
        (SELECT coalesce(max(first_place + packets), 0) FROM run),
        (SELECT coalesce(max(id), 0) + 1 FROM body),
        (SELECT coalesce(max(id), 0) + 1 FROM hop))
RETURNING id, first_sequence, first_place, (SELECT coalesce(max(id), 0) + 1 FROM input)
