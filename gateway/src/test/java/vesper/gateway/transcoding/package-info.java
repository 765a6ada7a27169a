/// Tests of the transcoder.
@NullMarked
package vesper.gateway.transcoding;

import org.jspecify.annotations.NullMarked;
