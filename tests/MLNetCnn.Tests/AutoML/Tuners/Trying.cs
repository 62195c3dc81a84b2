using MLNetCnn.AutoML;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

/// <summary>Runs tuners on functions in place of trainings.</summary>
internal static class Trying
{
    /// <summary>The result of a trial.</summary>
    public static TrialResult Result(int trial, Parameter parameter, double loss, TrialState state = TrialState.Finished, double seconds = 1) => new()
    {
        TrialSettings = new TrialSettings { TrialId = trial, Parameter = parameter },
        State = state,
        Loss = loss,
        Steps = 1,
        DurationInMilliseconds = seconds * 1000,
    };

    /// <summary>Proposes for a trial.</summary>
    public static Parameter? Propose(this ITuner tuner, int trial) => tuner.Propose(new TrialSettings { TrialId = trial });

    /// <summary>The lowest loss of some trials, one after the other.</summary>
    public static double Minimise(ITuner tuner, TestFunction function, int trials)
    {
        var best = double.PositiveInfinity;
        for (var trial = 0; trial < trials; trial++)
        {
            var parameter = tuner.Propose(trial)!;
            var loss = function.Loss(parameter);
            best = Math.Min(best, loss);
            tuner.Update(Result(trial, parameter, loss, seconds: function.Seconds(parameter)));
        }

        return best;
    }
}
