using System.Security.Cryptography;

using Microsoft.AspNetCore.Http;

namespace MLNetCnn.Serving.Page;

/// <summary>The page to try a picture: one file, which asks this service and nothing else.</summary>
internal sealed class TryPage(string prefix)
{
    private readonly string _html = Read().Replace("{{models}}", prefix.Trim('/'), StringComparison.Ordinal);

    public IResult Answer(HttpContext http)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return Results.Content(_html.Replace("{{nonce}}", nonce, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static string Read()
    {
        using var stream = typeof(TryPage).Assembly.GetManifestResourceStream("index.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
