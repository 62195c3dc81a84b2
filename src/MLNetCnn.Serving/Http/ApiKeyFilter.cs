using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MLNetCnn.Serving.Http;

/// <summary>Lets only those in who know the key, where there is one; looked at before the body is read.</summary>
internal sealed class ApiKeyFilter(IOptions<ImageClassificationOptions> options) : IEndpointFilter
{
    private const string Header = "X-Api-Key";
    private const string Scheme = "Bearer ";

    // Hashes are of one length: neither the key's text nor its length shows in the time that a comparison takes.
    private readonly byte[]? _expected = options.Value.ApiKey is { } key ? Hash(key) : null;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Request.Headers;
        var given = headers[Header].ToString();
        var authorization = headers.Authorization.ToString();
        if (given.Length == 0 && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            given = authorization[Scheme.Length..].Trim();
        }

        if (_expected is null || CryptographicOperations.FixedTimeEquals(_expected, Hash(given)))
        {
            return next(context);
        }

        context.HttpContext.Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
        throw new Refusal(StatusCodes.Status401Unauthorized, $"This service asks for a key: send it as {Header} or as Authorization: Bearer.");
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
