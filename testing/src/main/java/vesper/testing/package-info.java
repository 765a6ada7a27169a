/// JUnit extensions that give tests a real NATS, a real PostgreSQL and a whole running system, and
/// a clock that stands still.
///
/// One nats-server and one PostgreSQL serve all test classes of a process. They are those of
/// `VESPER_TEST_NATS_URL` and `VESPER_TEST_DB_URL` (environment or system properties) when set,
/// else own ones started at the first use and stopped when the process ends.
@NullMarked
package vesper.testing;

import org.jspecify.annotations.NullMarked;
