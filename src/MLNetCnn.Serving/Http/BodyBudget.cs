using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MLNetCnn.Serving.Http;

/// <summary>Counts the bytes of request bodies in memory, over all requests: many large bodies at once are refused, slow ones hold only what they have sent.</summary>
internal sealed class BodyBudget(IOptions<ImageClassificationOptions> options)
{
    private long _held;

    public Share Open() => new(this, options.Value);

    /// <summary>One request's bytes; given back when it is disposed.</summary>
    public sealed class Share(BodyBudget budget, ImageClassificationOptions options) : IDisposable
    {
        private long _bytes;

        /// <summary>Counts bytes of the body.</summary>
        /// <exception cref="Refusal">The request, or all of them together, have more than is allowed.</exception>
        public void Take(int bytes)
        {
            if (_bytes + bytes > options.MaxBodyBytes)
            {
                throw TooLarge(options.MaxBodyBytes);
            }

            Hold(bytes);
        }

        /// <summary>Counts bytes that were made of the body, which is in memory beside them.</summary>
        /// <exception cref="Refusal">All requests together have more than is allowed.</exception>
        public void Hold(int bytes)
        {
            _bytes += bytes;
            var held = Interlocked.Add(ref budget._held, bytes);
            if (held > options.MaxBufferedBytes)
            {
                throw new Refusal(StatusCodes.Status429TooManyRequests, "The service holds as many bytes of requests as it may: send the request again later.");
            }
        }

        public void Dispose() => Interlocked.Add(ref budget._held, -Interlocked.Exchange(ref _bytes, 0));
    }

    public static Refusal TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"The request is larger than the {limit} bytes that are allowed: send smaller images, or fewer in one request."));
}
