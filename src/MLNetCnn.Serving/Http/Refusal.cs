namespace MLNetCnn.Serving.Http;

/// <summary>A request that is answered with a status of 4xx or 503 and one plain sentence.</summary>
internal sealed class Refusal(int status, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>Image → what is wrong with it.</summary>
    public Dictionary<string, string> Errors { get; init; } = [];
}
