namespace MLNetCnn.AutoML;

/// <summary>What a trial is to run with.</summary>
public sealed record TrialSettings
{
    /// <summary>The trial's number within its experiment, from 0, in the order of proposal.</summary>
    public required int TrialId { get; init; }

    /// <summary>What was chosen for it; empty until a tuner has proposed.</summary>
    public Parameter Parameter { get; init; } = Parameter.Empty;

    /// <summary>The seed of everything random in the trial.</summary>
    public long Seed { get; init; }
}
