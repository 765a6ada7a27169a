package vesper.ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import vesper.ai.v1.TokenUsage;
import vesper.ai.v1.UsageSource;
import vesper.prompt.TokenCounter;

/// A server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama and most others.
final class OpenAiBackend implements Backend {
  private static final String UNNAMED = "default";

  private final OpenAiStreamingChatModel model;

  /// @param address as in `http://127.0.0.1:8080/v1`
  /// @param name of the model; may be empty where the server has one
  /// @param key of the server, if it wants one
  OpenAiBackend(String address, String name, Optional<String> key, BlockingHttp.Builder http) {
    var builder =
        OpenAiStreamingChatModel.builder()
            .baseUrl(address)
            .modelName(name.isEmpty() ? UNNAMED : name)
            .httpClientBuilder(http);
    key.ifPresent(builder::apiKey);
    model = builder.build();
  }

  @Override
  public Running stream(Call call, Sink sink) {
    Stream stream = new Stream(model, request(call), sink);
    Thread thread = Thread.ofVirtual().name("model-stream").unstarted(stream);
    stream.thread = thread;
    thread.start();
    return stream;
  }

  @Override
  public TokenCounter counter() {
    return TokenCounter.THIRDS;
  }

  @Override
  public boolean loaded() {
    return true;
  }

  private static ChatRequest request(Call call) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!call.system().isEmpty()) {
      messages.add(SystemMessage.from(call.system()));
    }
    messages.add(UserMessage.from(call.user()));
    var parameters =
        OpenAiChatRequestParameters.builder()
            .maxOutputTokens(call.maxTokens())
            .temperature(call.temperature())
            .topP(call.topP())
            .seed(call.seed());
    if (!call.stop().isEmpty()) {
      parameters.stopSequences(call.stop());
    }
    return ChatRequest.builder().messages(messages).parameters(parameters.build()).build();
  }

  /// One generation. Whatever happens, its sink hears of one end.
  private static final class Stream implements Runnable, Running, StreamingChatResponseHandler {
    private final OpenAiStreamingChatModel model;
    private final ChatRequest request;
    private final Sink sink;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private @Nullable Thread thread;

    // Owned by the thread.
    private boolean begun;
    private @Nullable End end;

    Stream(OpenAiStreamingChatModel model, ChatRequest request, Sink sink) {
      this.model = model;
      this.request = request;
      this.sink = sink;
    }

    @Override
    public void run() {
      try {
        model.chat(request, this);
      } catch (RuntimeException e) {
        onError(e);
      } finally {
        End last = end == null ? new End.Failed(Failure.DISCONNECTED) : end;
        sink.end(cancelled.get() ? new End.Failed(Failure.CANCELLED) : last);
      }
    }

    @Override
    public void cancel() {
      Thread running = thread;
      if (cancelled.compareAndSet(false, true) && running != null) {
        running.interrupt();
      }
    }

    @Override
    public void onPartialResponse(String text) {
      begun = true;
      if (end == null && !cancelled.get()) {
        sink.token(text);
      }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      if (end != null) {
        return;
      }
      FinishReason reason = response.finishReason();
      end =
          reason == null
              ? new End.Failed(begun ? Failure.DISCONNECTED : Failure.MALFORMED)
              : new End.Complete(reason == FinishReason.LENGTH, usage(response));
    }

    @Override
    public void onError(Throwable error) {
      if (end == null) {
        end = new End.Failed(failure(error));
      }
    }

    private static TokenUsage usage(ChatResponse response) {
      var counted = response.tokenUsage();
      if (counted == null || counted.outputTokenCount() == null) {
        return TokenUsage.getDefaultInstance();
      }
      TokenUsage.Builder usage =
          TokenUsage.newBuilder()
              .setSource(UsageSource.USAGE_SOURCE_PROVIDER)
              .setInputTokens(orZero(counted.inputTokenCount()))
              .setOutputTokens(orZero(counted.outputTokenCount()));
      if (counted instanceof OpenAiTokenUsage detailed && detailed.inputTokensDetails() != null) {
        usage.setCachedTokens(orZero(detailed.inputTokensDetails().cachedTokens()));
      }
      return usage.build();
    }

    private static int orZero(@Nullable Integer count) {
      return count == null ? 0 : count;
    }

    private Failure failure(Throwable error) {
      for (Throwable at = error; at != null; at = at.getCause()) {
        switch (at) {
          case BlockingHttp.Refused refused -> {
            return refused.failure();
          }
          case ConnectException _, HttpConnectTimeoutException _ -> {
            return Failure.CONNECT;
          }
          case HttpTimeoutException _ -> {
            return Failure.TIMEOUT;
          }
          case JsonProcessingException _ -> {
            return Failure.MALFORMED;
          }
          case IOException _ -> {
            return Failure.DISCONNECTED;
          }
          default -> {
            // The cause says more.
          }
        }
      }
      return Failure.MALFORMED;
    }
  }
}
