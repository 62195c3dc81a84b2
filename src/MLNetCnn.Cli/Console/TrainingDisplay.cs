using System.Diagnostics;
using System.Globalization;

using MLNetCnn.Training;

namespace MLNetCnn.Cli.Console;

/// <summary>Shows a training as it goes: a line per epoch, and on a terminal a line that moves with the batches and knows the time left.</summary>
internal sealed class TrainingDisplay(Screen screen, string title) : ITrainingMonitor
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private const double WorthALine = 0.5;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _drawn;
    private long _done;
    private string _preparing = "";
    private Stopwatch _prepared = new();
    private bool _announced;
    private int _plannedEpochs;
    private double _secondsPerEpoch;

    /// <inheritdoc/>
    public void OnPreparation(string what, long done, long total)
    {
        if (what != _preparing || done < _done)
        {
            Announce();
            (_preparing, _prepared) = (what, Stopwatch.StartNew());
        }

        _done = done;
        if (done == total)
        {
            screen.ClearMovingLine();
            if (_prepared.Elapsed.TotalSeconds < WorthALine)
            {
                return;
            }

            screen.Line(string.Create(CultureInfo.InvariantCulture, $"  – {what}: {_prepared.Elapsed.TotalSeconds:0.0} s"));
        }
        else if (screen.IsTerminal && _clock.Elapsed - _drawn >= Redraw)
        {
            _drawn = _clock.Elapsed;
            var share = (double)done / total;
            var left = share > 0 ? $", {Duration(_prepared.Elapsed.TotalSeconds * (1 - share) / share)} left" : "";
            System.Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {title} {what}: {share,4:0%} {Bar(share)}{left}\e[K"));
        }
    }

    /// <inheritdoc/>
    public void OnBatch(int epoch, int images, int total)
    {
        if (!screen.IsTerminal || _clock.Elapsed - _drawn < Redraw)
        {
            return;
        }

        _drawn = _clock.Elapsed;
        var share = (double)images / total;
        var left = _secondsPerEpoch > 0 ? $", {Duration(((_plannedEpochs - epoch) + 1 - share) * _secondsPerEpoch)} left" : "";
        System.Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {title} epoch {epoch}: {share,4:0%} {Bar(share)}{left}\e[K"));
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
        screen.ClearMovingLine();
        Announce();
        _plannedEpochs = plannedEpochs;
        _secondsPerEpoch = record.Seconds;
        var validation = record.ValidationAccuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"  validation {record.ValidationLoss,7:0.0000} {accuracy,7:0.00%}")
            : "";
        var left = record.Epoch < plannedEpochs ? $"  {Duration((plannedEpochs - record.Epoch) * record.Seconds)} left" : "";
        screen.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  epoch {record.Epoch,3}/{plannedEpochs}  train {record.TrainLoss,7:0.0000} {record.TrainAccuracy,7:0.00%}{validation}  rate {record.LearningRate:0.#####e+0}  {record.Seconds,6:0.0} s{left}"));
    }

    /// <inheritdoc/>
    public void OnEvent(TrainingEvent trainingEvent)
    {
        screen.ClearMovingLine();
        Announce();
        screen.Line($"  – {trainingEvent.Detail}");
    }

    /// <summary>Seconds as people say them.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 => "0 s",
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private static string Bar(double share)
    {
        const int Width = 24;
        var full = (int)(share * Width);
        return new string('━', full) + new string('╌', Width - full);
    }

    private void Announce()
    {
        if (!_announced)
        {
            _announced = true;
            screen.Line(title);
        }
    }
}
