/// World packs: the files a world is written in, their loader and their validator.
@NullMarked
package vesper.worldpack;

import org.jspecify.annotations.NullMarked;
