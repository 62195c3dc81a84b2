using System.Text.Json.Nodes;

namespace MLNetCnn.Studies;

/// <summary>A published study as its file in <c>data-manifests/studies</c> describes it.</summary>
public sealed record Study
{
    /// <summary>The study's name; the file is called after it.</summary>
    public required string Name { get; init; }

    /// <summary>The title a reader sees.</summary>
    public required string Title { get; init; }

    /// <summary>What the study asks and how it was published.</summary>
    public required string Description { get; init; }

    /// <summary>The name of the dataset's manifest.</summary>
    public required string Dataset { get; init; }

    /// <summary>The profiles by name; <c>full</c> and <c>quick</c> are expected.</summary>
    public required IReadOnlyDictionary<string, StudyProfile> Profiles { get; init; }

    /// <summary>Trainer settings that all runs share.</summary>
    public JsonObject Training { get; init; } = [];

    /// <summary>The runs, in the order of the publication.</summary>
    public required IReadOnlyList<StudyRun> Runs { get; init; }
}

/// <summary>How much of a study is run.</summary>
public sealed record StudyProfile
{
    /// <summary>What the profile changes against the publication; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Training images per class; null for all.</summary>
    public int? TrainImagesPerClass { get; init; }

    /// <summary>The runs to make, by name; null for all.</summary>
    public IReadOnlyList<string>? Runs { get; init; }

    /// <summary>Trainer settings that go over those of study and run.</summary>
    public JsonObject Training { get; init; } = [];
}

/// <summary>One run of a study.</summary>
public sealed record StudyRun
{
    /// <summary>The name in the publication.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>Trainer settings that go over the study's.</summary>
    public JsonObject Training { get; init; } = [];

    /// <summary>The published accuracies, in per cent, and parameters; null for a run that is ours alone.</summary>
    public StudyFigures? Published { get; init; }

    /// <summary>Why the run fails by design, or what a reader must know; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Why the run cannot be made, and what to bring; null where it can.</summary>
    public string? Missing { get; init; }
}

/// <summary>Figures as a publication prints them: accuracies in per cent.</summary>
public sealed record StudyFigures
{
    /// <summary>Training accuracy, in per cent.</summary>
    public double? Train { get; init; }

    /// <summary>Validation accuracy, in per cent.</summary>
    public double? Validation { get; init; }

    /// <summary>Test accuracy, in per cent.</summary>
    public double? Test { get; init; }

    /// <summary>Number of parameters.</summary>
    public long? Parameters { get; init; }
}
