using MLNetCnn.AutoML;
using MLNetCnn.Runs;
using MLNetCnn.Studies;

namespace MLNetCnn.Reports;

/// <summary>What a report is about.</summary>
public enum ReportKind
{
    /// <summary>One training run.</summary>
    Run,

    /// <summary>The rerun of a published study.</summary>
    Study,

    /// <summary>Runs put side by side afterwards.</summary>
    Comparison,

    /// <summary>A search for the best classifier.</summary>
    Sweep,
}

/// <summary>
/// All that a report says, apart from how it looks. <see cref="HtmlReport"/> renders it and embeds it as JSON (pictures left
/// out) in the element <c>report-data</c>, so that a program reads and compares what a person sees.
/// </summary>
public sealed record ReportModel
{
    /// <summary>What the report is about.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One paragraph under the heading; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The profile of a study (<c>quick</c> or <c>full</c>); null elsewhere.</summary>
    public string? Profile { get; init; }

    /// <summary>What the profile changes against the publication; empty for nothing. Shown beside every comparison with it.</summary>
    public string ProfileNote { get; init; } = "";

    /// <summary>The winner and how sure it is.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How far the runs make the same mistakes; null where no two were tested on the same images.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>The datasets of the runs, each once (by fingerprint).</summary>
    public required IReadOnlyList<DatasetSummary> Datasets { get; init; }

    /// <summary>Every run in its given order; those that failed or did not run are among them.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>Pictures of runs that were left out to keep the page small.</summary>
    public int PicturesLeftOut { get; init; }

    /// <summary>The search that the runs are the best of; null elsewhere.</summary>
    public SweepRecord? Sweep { get; init; }

    /// <summary>The report of one run.</summary>
    public static ReportModel ForRun(RunRecord run) =>
        Create(ReportKind.Run, $"{run.Name} on {run.Dataset.Name}", [run]) with { Description = run.Description };

    /// <summary>The report of a study.</summary>
    /// <exception cref="ArgumentException">The study has no runs.</exception>
    public static ReportModel ForStudy(StudyRecord study) => Create(ReportKind.Study, study.Title, study.Runs) with
    {
        Description = study.Description,
        Profile = study.Profile,
        ProfileNote = study.ProfileNote,
    };

    /// <summary>The report of a sweep: its trials, and its finalists in full.</summary>
    /// <exception cref="ArgumentException">The sweep has no finalists.</exception>
    public static ReportModel ForSweep(SweepRecord sweep) =>
        Create(ReportKind.Sweep, $"Sweep of {sweep.Dataset}", sweep.Runs) with { Sweep = sweep with { Runs = [] }, Verdict = Verdict.Of(sweep.Runs, ranked: true) };

    /// <summary>The report that puts runs side by side. Runs of the same name keep it; the order tells them apart.</summary>
    /// <exception cref="ArgumentException">There are no runs.</exception>
    public static ReportModel Compare(IReadOnlyList<RunRecord> runs) =>
        Create(ReportKind.Comparison, $"{runs.Count} runs compared", runs);

    private static ReportModel Create(ReportKind kind, string title, IReadOnlyList<RunRecord> runs)
    {
        if (runs.Count == 0)
        {
            throw new ArgumentException($"the report \"{title}\" has no runs: give it at least one", nameof(runs));
        }

        var (shown, leftOut) = PictureBudget.Apply(runs);
        return new ReportModel
        {
            Kind = kind,
            Title = title,
            Runs = shown,
            PicturesLeftOut = leftOut,
            Verdict = Verdict.Of(runs),
            Agreement = Agreement.Of(runs),
            Datasets = [.. runs.Select(run => run.Dataset).GroupBy(data => data.Fingerprint)
                .Select(same => same.MaxBy(data => data.Samples.Count)!)],
        };
    }
}
