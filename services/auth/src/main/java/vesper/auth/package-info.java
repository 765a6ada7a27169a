/// Knows who a caller is: accounts, credentials, sessions, and the signed tokens that every other
/// part verifies offline.
@NullMarked
package vesper.auth;

import org.jspecify.annotations.NullMarked;
