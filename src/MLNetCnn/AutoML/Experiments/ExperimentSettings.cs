using System.Text.Json.Serialization;

using static System.FormattableString;

namespace MLNetCnn.AutoML;

/// <summary>How an experiment searches, and what it may cost. Written into the trial store with the experiment.</summary>
public sealed record ExperimentSettings
{
    /// <summary>The tuner, one of <see cref="TunerCatalog.Names"/>.</summary>
    /// <value><c>tpe</c>.</value>
    public string Tuner { get; init; } = "tpe";

    /// <summary>The pruner, one of <see cref="PrunerCatalog.Names"/>; null to let every trial run to its end.</summary>
    /// <value><c>asha</c>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Pruner { get; init; } = "asha";

    /// <summary>The steps (epochs) of the longest trial, for pruners that share them out, at least 1; an <see cref="ImageSweep"/> takes the most epochs of its space instead.</summary>
    /// <value>100.</value>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>The time for everything, the final model's included, in seconds; null for no limit.</summary>
    public double? Seconds { get; init; }

    /// <summary>The most trials; null for no limit.</summary>
    public int? Trials { get; init; }

    /// <summary>The most resident memory of a process, in megabytes (2²⁰ bytes): the trial that passes it fails; null for no limit.</summary>
    public double? MegaBytes { get; init; }

    /// <summary>The share of <see cref="Seconds"/> that is kept for the final model and its evaluation, in [0, 0.9].</summary>
    /// <value>0.15.</value>
    public double Reserve { get; init; } = 0.15;

    /// <summary>How many trials run at a time in this process, at least 1; they share the cores.</summary>
    /// <value>1.</value>
    public int Workers { get; init; } = 1;

    /// <summary>Workers that keep the processor busy, two cores for each.</summary>
    public static int DefaultWorkers => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The threads of one worker's trial.</summary>
    internal int ThreadsPerWorker => Math.Max(1, Environment.ProcessorCount / Workers);

    /// <summary>How long a worker may be silent before its trial is taken up by another, in seconds, above 0.</summary>
    /// <value>60.</value>
    public double LeaseSeconds { get; init; } = 60;

    /// <summary>After how many trials of a stage without a better one the next stage begins, at least 1.</summary>
    /// <value>40.</value>
    public int StagePatience { get; init; } = 40;

    /// <summary>What is wrong, one sentence each.</summary>
    /// <param name="nameOf">How the reader calls a setting; null for its name in JSON.</param>
    public IEnumerable<string> Problems(Func<string, string>? nameOf = null)
    {
        nameOf ??= name => name;
        if (!TunerCatalog.Names.Contains(Tuner))
        {
            yield return $"{nameOf("tuner")} is '{Tuner}': choose from {string.Join(", ", TunerCatalog.Names)}";
        }

        if (Pruner is not null && !PrunerCatalog.Names.Contains(Pruner))
        {
            yield return $"{nameOf("pruner")} is '{Pruner}': choose from {string.Join(", ", PrunerCatalog.Names)}, or none";
        }

        if (Seconds is null && Trials is null)
        {
            yield return $"the search has no end: give {nameOf("seconds")}, {nameOf("trials")} or both";
        }

        foreach (var (name, value, least) in new[]
        {
            ("seconds", Seconds ?? 1, 1), ("trials", Trials ?? 1, 1), ("megaBytes", MegaBytes ?? 1, 1), ("workers", Workers, 1), ("maximumSteps", MaximumSteps, 1), ("stagePatience", StagePatience, 1),
        })
        {
            if (!(value >= least))
            {
                yield return Invariant($"{nameOf(name)} is {value}: give {least} or more");
            }
        }

        if (Reserve is not (>= 0 and <= 0.9))
        {
            yield return Invariant($"{nameOf("reserve")} is {Reserve}: give a share in [0, 0.9]");
        }

        if (!(LeaseSeconds > 0))
        {
            yield return Invariant($"{nameOf("leaseSeconds")} is {LeaseSeconds}: give more than 0");
        }
    }
}
