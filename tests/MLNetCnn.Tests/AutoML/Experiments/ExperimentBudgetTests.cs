using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML.Experiments;

public sealed class ExperimentBudgetTests
{
    private const double Best = 100;

    [Theory]
    [InlineData(0, 850)] // the reserve alone
    [InlineData(Best / 4, 850)] // more than the final model and its evaluation take
    [InlineData(4 * Best, 325)]
    [InlineData(7 * Best, 850)] // no time is enough for that one: trials may have it
    public void Time_is_kept_for_a_final_model_that_fits_into_it(double best, double forTrials)
    {
        var budget = new ExperimentBudget(new() { Seconds = 1000 }, spentBefore: 0, TimeProvider.System, new FinalTraining(Kept: 1.5, Least: 1.45));

        Assert.Equal(forTrials, budget.LeftForTrials(best), 0.5);
    }

    [Fact]
    public void What_was_spent_is_the_time_in_which_any_trial_ran_on_whatever_machine()
    {
        var begin = DateTimeOffset.UnixEpoch;
        TrialRecord Trial(double from, double? to) => new()
        {
            Id = 0,
            ExperimentId = 0,
            Result = new() { TrialSettings = new() { TrialId = 0 }, DurationInMilliseconds = 1000 * ((to ?? from) - from) },
            Created = begin,
            Started = begin.AddSeconds(from),
            Ended = to is { } end ? begin.AddSeconds(end) : null,
        };

        Assert.Equal(0, ExperimentBudget.SecondsOf([]));
        Assert.Equal(25 + 5, ExperimentBudget.SecondsOf([Trial(10, 25), Trial(0, 20), Trial(0, 15), Trial(5, 6), Trial(100, 105), Trial(200, null)]), 1e-9);
    }

    [Fact]
    public void Time_is_kept_for_a_final_model_that_must_be_whatever_there_is()
    {
        var budget = new ExperimentBudget(new() { Seconds = 1000 }, spentBefore: 900, TimeProvider.System, new FinalTraining(Kept: 1.5));

        Assert.Equal(-125, budget.LeftForTrials(Best), 0.5);
    }
}
