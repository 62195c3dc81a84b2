using System.Buffers;
using System.Globalization;
using System.Text.Json;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MLNetCnn.Serving.Http;

/// <summary>
/// Takes the images out of a request: its body as it is (<c>image/…</c>, <c>application/octet-stream</c>), the files of a
/// <c>multipart/form-data</c>, or base64 in JSON (<c>{"image": "…"}</c>, <c>{"images": ["…", "…"]}</c>).
/// </summary>
internal sealed class ImageRequestReader(HttpRequest request, ImageClassificationOptions options, BodyBudget.Share budget, CancellationToken cancellationToken)
{
    private const int MaxBoundaryLength = 70; // RFC 2046
    private const int MaxNameLength = 200;

    // Those of a JSON request that are no images: braces, names, and what a client may add.
    private const int OtherTokens = 2000;
    private const string Accepted = "image/… or application/octet-stream (the image itself), multipart/form-data (one or several files), or application/json ({\"image\": \"<base64>\"} or {\"images\": [\"<base64>\", …]})";

    /// <exception cref="Refusal">The request holds no images, too many, or too many bytes.</exception>
    public async Task<IReadOnlyList<ImageUpload>> ReadAsync()
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxBodyBytes;
        }

        if (request.ContentLength > options.MaxBodyBytes)
        {
            throw BodyBudget.TooLarge(options.MaxBodyBytes);
        }

        var images = await ReadImagesAsync();
        return images.Count > 0 ? images : throw Bad("The request holds no image: send at least one.");
    }

    private async Task<IReadOnlyList<ImageUpload>> ReadImagesAsync()
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw Unsupported("no Content-Type");
        }

        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadMultipartAsync(HeaderUtilities.RemoveQuotes(type.Boundary).Value);
        }

        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return ReadJson(await ReadBytesAsync(request.Body, request.ContentLength));
        }

        if (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            var body = await ReadBytesAsync(request.Body, request.ContentLength);
            return body.IsEmpty ? [] : [new ImageUpload("0", body)];
        }

        throw Unsupported("a Content-Type that is not read here");
    }

    private async Task<IReadOnlyList<ImageUpload>> ReadMultipartAsync(string? boundary)
    {
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength)
        {
            throw Bad("The Content-Type multipart/form-data has no boundary of 1 to 70 characters: let the client set it.");
        }

        var images = new List<ImageUpload>();
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var isFile = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition();
                if (isFile)
                {
                    CheckCount(images.Count + 1);
                    var name = disposition!.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value;
                    images.Add(new ImageUpload(SafeName(name, images.Count), await ReadBytesAsync(section.Body, null)));
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested))
        {
            throw Bad("The multipart/form-data body is malformed or cut short.");
        }

        return images;
    }

    private List<ImageUpload> ReadJson(ReadOnlyMemory<byte> json)
    {
        try
        {
            CheckTokens(json.Span);
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var single = default(JsonElement);
            var several = default(JsonElement);
            if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("image", out single) == root.TryGetProperty("images", out several))
            {
                throw Bad("The JSON is an object with either \"image\", a base64 string, or \"images\", a list of them.");
            }

            if (several.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
            {
                throw Bad("\"images\" is a list of base64 strings.");
            }

            CheckCount(several.ValueKind == JsonValueKind.Array ? several.GetArrayLength() : 1);
            JsonElement[] elements = several.ValueKind == JsonValueKind.Array ? [.. several.EnumerateArray()] : [single];
            return [.. elements.Index().Select(entry => new ImageUpload(entry.Index.ToString(CultureInfo.InvariantCulture), Base64(entry.Item, entry.Index)))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second tells of a text that is no Unicode: texts are looked into when they are read.
            throw Bad("The body is no valid JSON.");
        }
    }

    // A document in memory takes many times the room of a text of the shortest values.
    private void CheckTokens(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        for (var tokens = 0; reader.Read(); tokens++)
        {
            if (tokens - OtherTokens > options.MaxBatch)
            {
                throw new Refusal(StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"The JSON holds more than {OtherTokens} names, values and brackets besides the images that are allowed: leave out what this service does not read."));
            }
        }
    }

    private byte[] Base64(JsonElement element, int index)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            if (element.TryGetBytesFromBase64(out var bytes))
            {
                budget.Hold(bytes.Length);
                return bytes;
            }

            // As browsers give it: data:image/png;base64,…
            var text = element.GetString()!;
            var comma = text.IndexOf(";base64,", StringComparison.Ordinal);
            var decoded = new byte[text.Length];
            if (text.StartsWith("data:", StringComparison.Ordinal) && comma > 0 && Convert.TryFromBase64Chars(text.AsSpan(comma + ";base64,".Length), decoded, out var length))
            {
                budget.Hold(length);
                return decoded[..length];
            }
        }

        throw Bad(string.Create(CultureInfo.InvariantCulture, $"Image {index} of the JSON is no base64 string."));
    }

    private async Task<ReadOnlyMemory<byte>> ReadBytesAsync(Stream body, long? declared)
    {
        const int Chunk = 1 << 16;
        // What a header promises is not yet there: memory is taken as it comes.
        var bytes = new MemoryStream((int)Math.Clamp(declared ?? Chunk, 1, 1 << 20));
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                budget.Take(read);
                bytes.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private void CheckCount(int count)
    {
        if (count > options.MaxBatch)
        {
            throw new Refusal(StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"The request holds more than the {options.MaxBatch} images that are allowed: send several requests."));
        }
    }

    private static string SafeName(string? name, int index)
    {
        // Some clients send a whole path.
        var file = name?[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return string.IsNullOrWhiteSpace(file) ? index.ToString(CultureInfo.InvariantCulture)
            : file.Length > MaxNameLength ? file[..MaxNameLength]
            : file;
    }

    private static Refusal Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);

    private static Refusal Unsupported(string what) => new(StatusCodes.Status415UnsupportedMediaType, $"The request has {what}: send {Accepted}.");
}
