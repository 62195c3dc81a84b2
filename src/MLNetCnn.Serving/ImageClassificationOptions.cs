using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Serving;

/// <summary>What a service of image classification allows; checked when the application starts.</summary>
public sealed class ImageClassificationOptions
{
    /// <summary>The models, and how predictions wait for their turn.</summary>
    public ImageModelPoolOptions Models { get; } = new();

    /// <summary>The largest request body in bytes, at least 1; 16 MiB by default. A larger one is answered with 413.</summary>
    public long MaxBodyBytes { get; set; } = 16 << 20;

    /// <summary>
    /// Bytes of request bodies held at once, over all requests, at least <see cref="MaxBodyBytes"/>; 256 MiB by default. What
    /// would go beyond is answered with 429.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 256 << 20;

    /// <summary>The most pixels of an image, 1 to <see cref="ImageLimits.MaxPixels"/>; 25 million by default. Checked in the file's header, before anything is decoded; 422.</summary>
    public long MaxPixels { get; set; } = 25_000_000;

    /// <summary>The most images in one request, at least 1; 32 by default. More are answered with 413.</summary>
    public int MaxBatch { get; set; } = 32;

    /// <summary>How long a request may take, above zero; 30 s by default. A body that is not there by then is answered with 408, a prediction with 503.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a client that is told to come back later is told to wait, at least a second; 1 s by default.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What clients send as <c>X-Api-Key</c> or <c>Authorization: Bearer</c>; null by default: no key is asked for. Health, the
    /// page and the OpenAPI document need none.
    /// </summary>
    public string? ApiKey { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (MaxBodyBytes < 1)
        {
            yield return FormattableString.Invariant($"MaxBodyBytes is {MaxBodyBytes}: at least 1 is needed");
        }

        if (MaxBufferedBytes < MaxBodyBytes)
        {
            yield return FormattableString.Invariant($"MaxBufferedBytes is {MaxBufferedBytes}: at least MaxBodyBytes, {MaxBodyBytes}, is needed");
        }

        if (MaxPixels is < 1 or > ImageLimits.MaxPixels)
        {
            yield return FormattableString.Invariant($"MaxPixels is {MaxPixels}: 1 to {ImageLimits.MaxPixels} are allowed");
        }

        if (MaxBatch < 1)
        {
            yield return FormattableString.Invariant($"MaxBatch is {MaxBatch}: at least 1 is needed");
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
        {
            yield return FormattableString.Invariant($"Timeout is {Timeout}: above zero and at most a day is needed");
        }

        if (RetryAfter < TimeSpan.FromSeconds(1))
        {
            yield return FormattableString.Invariant($"RetryAfter is {RetryAfter}: at least a second is needed");
        }

        if (ApiKey is not null && string.IsNullOrWhiteSpace(ApiKey))
        {
            yield return "ApiKey is empty: give a key, or null for none";
        }
        else if (ApiKey is not null && (ApiKey != ApiKey.Trim() || ApiKey.Any(char.IsControl)))
        {
            yield return "ApiKey begins or ends with a space or a line end, or holds a control character, which no header can: give it without (a secret's file often ends with a line)";
        }
    }
}
