package vesper.ai;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The model bge-small-en-v1.5, quantised, from its jar; one thread computes a text.
final class BgeSmall extends AbstractInProcessEmbeddingModel {
  /// Its name, which tells vectors of different models apart.
  static final String NAME = "bge-small-en-v1.5-q";

  /// Components of a vector.
  static final int DIMENSIONS = 384;

  /// Stands before words that something is looked for with, as the model's card says.
  static final String QUERY_PREFIX = "Represent this sentence for searching relevant passages: ";

  private static final String WEIGHTS = "/bge-small-en-v1.5-q.onnx";
  private static final String TOKENIZER = "/bge-small-en-v1.5-q-tokenizer.json";
  private static final String UNKNOWN = "[UNK]";
  private static final double TOLERANCE = 1e-3;

  private final OnnxBertBiEncoder encoder;

  private BgeSmall(OnnxBertBiEncoder encoder) {
    super(Runnable::run);
    this.encoder = encoder;
  }

  /// Loads it, which takes about a second.
  static BgeSmall load() {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        InputStream weights = open(WEIGHTS);
        InputStream tokenizer = open(TOKENIZER)) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      OrtSession session = environment.createSession(weights.readAllBytes(), options);
      return new BgeSmall(new OnnxBertBiEncoder(environment, session, tokenizer, PoolingMode.CLS));
    } catch (OrtException e) {
      throw new IllegalStateException("The model of vectors cannot be loaded", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the vector of a text, of length 1: of one without words, such as white space, that of
  /// a word that the model does not know.
  float[] vector(String text) {
    float[] vector = any(text).vector();
    double square = 0;
    for (float component : vector) {
      square += (double) component * component;
    }
    if (!(Math.abs(Math.sqrt(square) - 1) < TOLERANCE)) {
      throw new IllegalStateException("The model made a vector that has not the length 1");
    }
    return vector;
  }

  private Embedding any(String text) {
    try {
      return embed(text).content();
    } catch (IllegalArgumentException noWords) {
      // The library refuses texts of which its tokenizer makes nothing, and no others; which these
      // are only the tokenizer knows.
      return embed(UNKNOWN).content();
    }
  }

  @Override
  protected OnnxBertBiEncoder model() {
    return encoder;
  }

  @Override
  protected Integer knownDimension() {
    return DIMENSIONS;
  }

  private static InputStream open(String resource) throws FileNotFoundException {
    InputStream stream = OnnxBertBiEncoder.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new FileNotFoundException(resource);
    }
    return stream;
  }
}
