using MLNetCnn.Runs;

namespace MLNetCnn.Studies;

/// <summary>A rerun of a published study: what was published, what was run here.</summary>
public sealed record StudyRecord
{
    /// <summary>The study's name, for example <c>fashion-mnist-cnns</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The title a reader sees.</summary>
    public required string Title { get; init; }

    /// <summary>One paragraph on what the study asks and how it was published.</summary>
    public string Description { get; init; } = "";

    /// <summary>The profile that was run: <c>quick</c> or <c>full</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>What the profile changes against the publication, for the reader of its figures; empty for none.</summary>
    public string ProfileNote { get; init; } = "";

    /// <summary>Every run of the study, in its order, those that could not run included.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }
}
