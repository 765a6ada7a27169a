/// Tests of the program and of the tree as a whole.
@NullMarked
package vesper.launcher;

import org.jspecify.annotations.NullMarked;
