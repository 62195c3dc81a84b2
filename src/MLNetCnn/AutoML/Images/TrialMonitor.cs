using System.Diagnostics;

using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>Passes a training's epochs on as reports of a trial, and ends the training where the answer is that it is not worth going on.</summary>
/// <param name="report">Told of each step.</param>
/// <param name="epochs">The epochs that the trial is about: those of a head before them are no steps of it.</param>
/// <param name="end">Ends the training.</param>
internal sealed class TrialMonitor(Func<TrialReport, string?> report, int epochs, CancellationTokenSource end) : ITrainingMonitor
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Why the training was ended; null where it was not.</summary>
    public string? Ended { get; private set; }

    /// <summary>Whether a frozen part was run on images whose features no cache held.</summary>
    public bool ComputedFeatures { get; private set; }

    /// <summary>The last epoch's loss as tuners see it.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>The last epoch's accuracy on the validation images.</summary>
    public double Accuracy { get; private set; } = double.NaN;

    /// <summary>The number that tuners minimise: the share of wrong answers, and a hundredth of the log-loss, which tells apart what names as many right.</summary>
    public static double LossOf(double accuracy, double logLoss) => 1 - accuracy + (0.01 * Math.Min(logLoss, 100));

    public void OnPreparation(string what, long done, long total) => ComputedFeatures |= what.StartsWith(ActivationSource.Pass, StringComparison.Ordinal);

    public void OnBatch(int epoch, int images, int total)
    {
    }

    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
        var (accuracy, logLoss) = record is { ValidationAccuracy: { } right, ValidationLoss: { } wrong } ? (right, wrong) : (record.TrainAccuracy, record.TrainLoss);
        Accuracy = accuracy;
        Loss = LossOf(accuracy, double.IsFinite(logLoss) ? logLoss : double.MaxValue);
        var step = record.Epoch - (plannedEpochs - epochs);
        var answer = step < 1 ? null : report(new TrialReport(step, Loss)
        {
            Seconds = _clock.Elapsed.TotalSeconds,
            Metrics = new Dictionary<string, double>
            {
                ["accuracy"] = accuracy,
                ["trainLoss"] = record.TrainLoss,
                ["trainAccuracy"] = record.TrainAccuracy,
                ["learningRate"] = record.LearningRate,
            },
        });
        // After the last epoch nothing is left to end: the trial is whole.
        if (record.Epoch < plannedEpochs && answer is not null)
        {
            Ended ??= answer;
            end.Cancel();
        }
    }

    public void OnEvent(TrainingEvent trainingEvent)
    {
    }
}
