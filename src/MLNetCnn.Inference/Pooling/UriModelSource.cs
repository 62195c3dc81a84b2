using System.Net;
using System.Net.Http.Headers;

namespace MLNetCnn.Inference.Pooling;

/// <summary>A model .zip behind HTTP, asked for again with the validators of the last answer.</summary>
internal sealed class UriModelSource(Uri uri, TimeSpan period) : IModelSource
{
    // For the whole file: the client's own limit ends with the headers, and a server may fall silent after them.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private EntityTagHeaderValue? _tag;
    private DateTimeOffset? _modified;

    public string Description { get; } = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    public TimeSpan? Period { get; } = period == Timeout.InfiniteTimeSpan ? null : period;

    public async Task<Stream?> OpenIfChangedAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            return await FetchAsync(limited.Token);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.Message.TrimEnd('.'), exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"it was not there in {Limit.TotalMinutes:0} minutes", exception);
        }
    }

    public void Forget() => (_tag, _modified) = (null, null);

    private IOException Unreachable(string reason, Exception exception) =>
        new($"{Description}: the model .zip can't be fetched ({reason}). Check the address, and that its server answers.", exception);

    private async Task<Stream?> FetchAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (_tag is not null)
        {
            request.Headers.IfNoneMatch.Add(_tag);
        }

        request.Headers.IfModifiedSince = _modified;
        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            await response.Content.CopyToAsync(file, cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        (_tag, _modified) = (response.Headers.ETag, response.Content.Headers.LastModified);
        file.Position = 0;
        return file;
    }
}
