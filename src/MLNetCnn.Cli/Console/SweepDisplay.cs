using System.Globalization;

using MLNetCnn.AutoML;

namespace MLNetCnn.Cli.Console;

/// <summary>Shows a sweep as it goes: a line per trial, with what was new about it and the best so far. Safe for several threads.</summary>
/// <param name="screen">Where to write.</param>
/// <param name="bestSoFar">The best trial of all workers, that of which is told among them.</param>
internal sealed class SweepDisplay(Screen screen, Func<TrialResult?> bestSoFar) : IMonitor
{
    private const int Widest = 110;

    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void ReportRunningTrial(TrialSettings setting)
    {
    }

    /// <inheritdoc/>
    public void ReportCompletedTrial(TrialResult result)
    {
        lock (_lock)
        {
            var found = bestSoFar();
            var better = found?.TrialSettings.TrialId == result.TrialSettings.TrialId;
            var best = found is null ? "" : string.Create(CultureInfo.InvariantCulture, $"best {found.Metric:0.00%}");
            var end = result.State == TrialState.Pruned ? "pruned" : better ? "better" : "";
            var own = double.IsFinite(result.Metric) ? result.Metric.ToString("0.00%", CultureInfo.InvariantCulture) : "–";
            Print(result, $"{own,7}  {best,-12} {end,-6}");
        }
    }

    /// <inheritdoc/>
    public void ReportBestTrial(TrialResult result)
    {
    }

    /// <inheritdoc/>
    public void ReportFailTrial(TrialResult result)
    {
        lock (_lock)
        {
            Print(result, $"failed: {result.Reason}");
        }
    }

    private void Print(TrialResult result, string figures)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"  trial {result.TrialSettings.TrialId,4} {result.DurationInMilliseconds / 1000,6:0.0} s  {figures}");
        var chosen = string.Join(' ', result.TrialSettings.Parameter.Select(pair => $"{Short(pair.Key)}={Value(pair.Value)}"));
        screen.Line($"{line}  {(chosen.Length > Widest ? chosen[..(Widest - 1)] + "…" : chosen)}");
    }

    // The last word says enough in a line.
    private static string Short(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Value(ParameterValue value) => value.Value switch
    {
        double number => number.ToString("0.##e+0", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };
}
