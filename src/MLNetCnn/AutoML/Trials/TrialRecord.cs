namespace MLNetCnn.AutoML;

/// <summary>A trial as the store keeps it, without its reports.</summary>
public sealed record TrialRecord
{
    /// <summary>The store's own number for it.</summary>
    public required long Id { get; init; }

    /// <summary>The experiment that it belongs to.</summary>
    public required long ExperimentId { get; init; }

    /// <summary>How it went so far, with its number, parameter, seed and state.</summary>
    public required TrialResult Result { get; init; }

    /// <summary>Which attempt this is: 0 before the first, above 1 where a worker ended without a word.</summary>
    public int Attempt { get; init; }

    /// <summary>How often it was leased: tells one lease from a later one.</summary>
    public int Lease { get; init; }

    /// <summary>Who has it on lease, or had it last.</summary>
    public string? Worker { get; init; }

    /// <summary>Until when the lease runs, UTC; null where nobody has it.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>When it was proposed, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its latest attempt began, UTC.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The trial's number within its experiment, from 0.</summary>
    public int Number => Result.TrialSettings.TrialId;

    /// <summary>Where it stands.</summary>
    public TrialState State => Result.State;

    /// <summary>What was proposed for it.</summary>
    public Parameter Parameter => Result.TrialSettings.Parameter;
}
