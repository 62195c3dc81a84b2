using System.Text.Json.Nodes;

namespace MLNetCnn.AutoML;

/// <summary>A sweep over one dataset as the trial store keeps it: all that a worker elsewhere needs to run its trials.</summary>
public sealed record SweepSettings
{
    /// <summary>As many as a default search has networks and ways of training them.</summary>
    public const int DefaultFinalists = 5;

    /// <summary>The dataset: a manifest's name, a manifest file, or a folder or archive of class folders.</summary>
    public required string Dataset { get; init; }

    /// <summary>What tells the dataset's images, and which of them train, validate and test, from others; null for a sweep that was not begun yet.</summary>
    public string? Images { get; init; }

    /// <summary>At most so many training images of each class; null for all.</summary>
    public int? ImagesPerClass { get; init; }

    /// <summary>The trainer's settings that trials go from.</summary>
    public JsonObject Training { get; init; } = [];

    /// <summary>How the sweep searches, and what it may cost.</summary>
    public required ExperimentSettings Experiment { get; init; }

    /// <summary>Why pretrained backbones are not in the default search space, by their names: their weights could not be had when it was made.</summary>
    public IReadOnlyDictionary<string, string> MissingBackbones { get; init; } = new Dictionary<string, string>();

    /// <summary>How many of the best trials, the two best and of each network, way of training it and image size the best, are evaluated on the test images and reported in full, at least 1.</summary>
    /// <value><see cref="DefaultFinalists"/>.</value>
    public int Finalists { get; init; } = DefaultFinalists;

    /// <summary>Whether the best trial is trained once more, on training and validation images together, where the time allows: that is the model then.</summary>
    /// <value>true.</value>
    public bool Refit { get; init; } = true;

    /// <summary>How often each finalist is trained, with seeds that follow each other, to tell luck from merit; at least 1. The model is that of the first seed.</summary>
    /// <value>1.</value>
    public int Seeds { get; init; } = 1;
}
