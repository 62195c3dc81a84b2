using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MLNetCnn.Data;

/// <summary>
/// Fetches files over HTTP so that an interruption costs nothing: what has come is kept as <c>.part</c> and continued with a
/// range request; size and SHA-256 are checked before the file gets its name.
/// </summary>
/// <param name="client">The client to use.</param>
public sealed class Downloader(HttpClient client)
{
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(60);

    /// <summary>How often a file is tried, at least 1; 4 by default.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The pause before the second attempt; it doubles with each further one. One second by default.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Fetches a file unless it is there already, whole.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="file">Its size and checksum.</param>
    /// <param name="path">Where it goes; the folder exists.</param>
    /// <param name="progress">Told the bytes that have come.</param>
    /// <param name="cancellation">Stops the download; what has come is kept.</param>
    /// <exception cref="DatasetException">The server cannot be reached, or sends something else than declared.</exception>
    public async Task DownloadAsync(
        Uri address, DataFile file, string path, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        var part = path + ".part";
        using var hold = FileLock.Acquire(path + ".lock", cancellation);
        if (File.Exists(path))
        {
            if (Checksum.Mismatch(path, file, progress, cancellation) is null)
            {
                return;
            }

            // Damaged where it lies: nobody else notices it.
            File.Delete(path);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ContinueAsync(address, file, part, progress, cancellation);
                break;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                if (attempt >= Attempts || error is HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError })
                {
                    throw new DatasetException($"{address} cannot be fetched: {error.Message}", error);
                }

                await Task.Delay(Pause * Math.Pow(2, attempt - 1), cancellation);
            }
        }

        if (Checksum.MismatchOfNew(part, file, progress, cancellation) is { } mismatch)
        {
            File.Delete(part);
            throw new DatasetException($"{address} is not the declared file: {mismatch.Replace(part, "it", StringComparison.Ordinal)}");
        }

        File.Move(part, path);
    }

    private async Task ContinueAsync(Uri address, DataFile file, string part, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (target.Length > file.Size)
        {
            target.SetLength(0);
        }

        var have = target.Length;
        if (have == file.Size)
        {
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).WaitAsync(StallLimit, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            await target.DisposeAsync();
            if (Checksum.MismatchOfNew(part, file, progress, cancellation) is null)
            {
                // Of a file without a declared size only its end was missing: that the last time was killed before it was checked.
                return;
            }

            File.Delete(part);
            throw new IOException("the server cannot continue the file");
        }

        response.EnsureSuccessStatusCode();
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        target.Position = continues ? have : 0;
        target.SetLength(target.Position);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var total = file.Size ?? response.Content.Headers.ContentRange?.Length ?? (response.Content.Headers.ContentLength + target.Position);
        await CopyAsync(body, target, file.Name, total, progress, cancellation);
    }

    private static async Task CopyAsync(Stream body, FileStream target, string name, long? total, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 17];
        while (true)
        {
            var read = await body.ReadAsync(buffer, cancellation).AsTask().WaitAsync(StallLimit, cancellation);
            if (read == 0)
            {
                break;
            }

            if (target.Position + read > total)
            {
                target.SetLength(0);
                throw new DatasetException(string.Create(CultureInfo.InvariantCulture, $"{name} is longer on the server than the declared {total} bytes"));
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            progress?.Report(new DataProgress($"downloading {name}", target.Position, total ?? 0));
        }

        if (target.Position < total)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"it ended after {target.Position} of {total} bytes"));
        }
    }
}
