-- A store as version 1 left it (schema 1: no checksums), with a history from revision 5 on.
PRAGMA application_id = 1818583411;
PRAGMA user_version = 1;
CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    value BLOB,
    created INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), horizon INTEGER NOT NULL) STRICT;
INSERT INTO log VALUES (1, '/registry/namespaces/default', X'6b3873006e616d657370616365', 1, 1795369237838);
INSERT INTO log VALUES (3, '/registry/leases/default/é😀', X'6b387300756e69636f6465', 3, 1795369237842);
INSERT INTO log VALUES (4, '/registry/leases/default/empty', X'', 4, 1795369237843);
INSERT INTO log VALUES (5, '/registry/leases/default/a', X'6b38730074776f', 2, 1795369237843);
INSERT INTO log VALUES (6, '/registry/leases/default/gone', X'6b387300736f6f6e', 6, 1795369237844);
INSERT INTO log VALUES (7, '/registry/leases/default/gone', NULL, 0, 1795369237845);
INSERT INTO log VALUES (8, '/registry/leases/default/a', X'6b3873007468726565', 2, 1795369237846);
INSERT INTO log VALUES (9, '/registry/leases/default/past', X'6b38730070617374', 9, 1795369237847);
INSERT INTO log VALUES (10, '/registry/leases/default/past', NULL, 0, 1795369237848);
INSERT INTO log VALUES (11, '/registry/leases/default/a', X'6b387300666f7572', 2, 1795369237849);
INSERT INTO log VALUES (12, '/registry/leases/default/a', X'6974277320746865206c6173740a6c696e65', 2, 1795369237849);
INSERT INTO state VALUES (1, 5);
