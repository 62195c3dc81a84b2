using System.Text.Json.Nodes;

namespace MLNetCnn.AutoML;

/// <summary>A sweep over one dataset as the trial store keeps it: all that a worker elsewhere needs to run its trials.</summary>
public sealed record SweepSettings
{
    /// <summary>The dataset: a manifest's name, a manifest file, or a folder or archive of class folders.</summary>
    public required string Dataset { get; init; }

    /// <summary>At most so many training images of each class; null for all.</summary>
    public int? ImagesPerClass { get; init; }

    /// <summary>The trainer's settings that trials go from.</summary>
    public JsonObject Training { get; init; } = [];

    /// <summary>How the sweep searches, and what it may cost.</summary>
    public required ExperimentSettings Experiment { get; init; }

    /// <summary>How many of the best trials are evaluated on the test images and reported in full, at least 1.</summary>
    /// <value>3.</value>
    public int Finalists { get; init; } = 3;

    /// <summary>Whether the best trial is trained once more, on training and validation images together, where the time allows: that is the model then.</summary>
    /// <value>true.</value>
    public bool Refit { get; init; } = true;

    /// <summary>How often each finalist is trained, with seeds that follow each other, to tell luck from merit; at least 1. The model is that of the first seed.</summary>
    /// <value>1.</value>
    public int Seeds { get; init; } = 1;
}
