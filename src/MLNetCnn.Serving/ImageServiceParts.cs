namespace MLNetCnn.Serving;

/// <summary>What <see cref="ImageClassificationEndpoints.MapImageClassification"/> maps; an application leaves out what it has of its own.</summary>
[Flags]
public enum ImageServiceParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The models and their predictions, under the prefix.</summary>
    Predictions = 1,

    /// <summary><c>/health/live</c> (the process answers), <c>/health/ready</c> and <c>/health</c> (every model answers).</summary>
    Health = 2,

    /// <summary><c>/metrics</c>, in Prometheus's text format.</summary>
    Metrics = 4,

    /// <summary><c>/openapi/v1.json</c>.</summary>
    OpenApi = 8,

    /// <summary><c>/</c>: a page to try a picture.</summary>
    Page = 16,

    /// <summary>Everything.</summary>
    All = Predictions | Health | Metrics | OpenApi | Page,
}
