using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Testing;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

/// <summary>What every tuner must do.</summary>
public class TunerConformanceTests
{
    public static TheoryData<string> Tuners => [.. TunerCatalog.Names];

    [Theory]
    [MemberData(nameof(Tuners))]
    public void Proposals_are_new_points_of_the_space_whatever_becomes_of_trials(string name)
    {
        var space = TestSpaces.Conditional();
        var (tuner, random) = (TunerCatalog.Create(name, space, seed: 1), new SeededRandom(1));
        var proposed = new HashSet<Parameter>();
        var pending = new Queue<TrialResult>();
        for (var trial = 0; trial < 120; trial++)
        {
            var parameter = tuner.Propose(trial)!;
            Assert.Empty(space.Problems(parameter));
            Assert.True(proposed.Add(parameter), $"{parameter} again");
            // Four at a time, coming to all kinds of ends, some never.
            var state = (TrialState)(2 + random.NextInt(3));
            pending.Enqueue(Trying.Result(trial, parameter, state == TrialState.Failed ? double.NaN : random.NextDouble(), state));
            if (pending.Count == 4 && random.NextInt(10) > 0)
            {
                tuner.Update(pending.Dequeue());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tuners))]
    public void Every_point_of_a_finite_space_is_proposed_once_and_then_none(string name)
    {
        var space = TestSpaces.Finite();
        var tuner = TunerCatalog.Create(name, space, seed: 2);
        var proposed = new List<Parameter>();
        while (proposed.Count < 20 && tuner.Propose(proposed.Count) is { } parameter)
        {
            tuner.Update(Trying.Result(proposed.Count, parameter, loss: parameter.Count));
            proposed.Add(parameter);
        }

        Assert.Equal(12, proposed.Count);
        Assert.Equal(space.Grid(10).ToHashSet(), proposed.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Tuners))]
    public void The_seed_and_the_results_in_any_order_say_what_comes_next(string name)
    {
        var results = Play(TunerCatalog.Create(name, TestFunction.Mixed.Space, seed: 3), 30);
        Assert.Equal(results.Select(result => result.TrialSettings.Parameter), Play(TunerCatalog.Create(name, TestFunction.Mixed.Space, seed: 3), 30).Select(result => result.TrialSettings.Parameter));
        if (name != "grid")
        {
            var other = Play(TunerCatalog.Create(name, TestFunction.Mixed.Space, seed: 4), 30);
            Assert.True(results.Zip(other).Count(pair => !pair.First.TrialSettings.Parameter.Equals(pair.Second.TrialSettings.Parameter)) > 20);
        }

        var whole = TunerCatalog.Create(name, TestFunction.Mixed.Space, seed: 3);
        var shuffled = TunerCatalog.Create(name, TestFunction.Mixed.Space, seed: 3);
        results.ForEach(whole.Update);
        new SeededRandom(5).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(results));
        results.ForEach(shuffled.Update);
        Assert.Equal(whole.Propose(30), shuffled.Propose(30));
    }

    [Theory]
    [MemberData(nameof(Tuners))]
    public void A_tuner_rebuilt_from_the_store_goes_on_as_the_lost_one_would_have(string name)
    {
        using var folder = new TemporaryFolder();
        using var store = TrialStore.Open(folder["trials.db"]);
        var function = TestFunction.Mixed;
        var experiment = store.CreateExperiment("resumed", SearchSpaceJson.Write(function.Space), "{}", seed: 6);
        var steady = TunerCatalog.Create(name, function.Space, experiment.Seed);
        for (var trial = 0; trial < 25; trial++)
        {
            // A new tuner for each proposal, as after a kill before each.
            var leased = store.Propose(experiment.Id, "worker", TimeSpan.FromMinutes(1), (settings, trials) =>
            {
                var rebuilt = TunerCatalog.Create(name, SearchSpaceJson.Parse(experiment.Space, "store"), experiment.Seed);
                foreach (var earlier in trials)
                {
                    rebuilt.Update(earlier.Result);
                }

                return rebuilt.Propose(settings);
            })!;
            Assert.Equal(steady.Propose(trial), leased.Parameter);
            // Every fifth trial is still running when the next is proposed.
            if (trial % 5 != 4)
            {
                var result = Trying.Result(trial, leased.Parameter, function.Loss(leased.Parameter), trial % 7 == 6 ? TrialState.Failed : TrialState.Finished, function.Seconds(leased.Parameter));
                Assert.True(store.Complete(leased, result));
                steady.Update(result);
            }
        }

        Assert.Equal(25, store.GetTrials(experiment.Id).Select(trial => trial.Parameter).Distinct().Count());
    }

    [Fact]
    public void A_latin_hypercube_tries_every_part_of_every_range_once()
    {
        var space = TestFunction.Hartmann6.Space;
        var tuner = new LatinHypercubeTuner(space, seed: 7, trials: 20);
        for (var round = 0; round < 2; round++)
        {
            var points = Enumerable.Range(round * 20, 20).Select(trial => space.MappingToFeatureSpace(tuner.Propose(trial)!)).ToList();
            Assert.All(Enumerable.Range(0, 6), dimension => Assert.Equal(Enumerable.Range(0, 20), points.Select(point => (int)(point[dimension] * 20)).Order()));
        }
    }

    [Fact]
    public void A_grid_has_evenly_spaced_values_with_both_bounds()
    {
        var tuner = new GridSearchTuner(new SearchSpace { { "rate", new UniformDoubleOption(1e-3, 1, logBase: true) }, { "layers", new UniformIntOption(1, 2) } }, stepSize: 4);
        var rates = Enumerable.Range(0, 8).Select(trial => tuner.Propose(trial)!["rate"].AsType<double>()).ToList();
        Assert.All(rates.Zip([1e-3, 1e-3, 1e-2, 1e-2, 1e-1, 1e-1, 1, 1]), pair => Assert.Equal(pair.Second, pair.First, pair.Second * 1e-12));
        Assert.Null(tuner.Propose(8));
    }

    [Fact]
    public void The_frugal_search_begins_at_the_default_and_eci_tries_each_part_at_its_default_first()
    {
        var space = TestFunction.Mixed.Space;
        Assert.Equal(space.Default, TunerCatalog.Create("cfo", space, seed: 8).Propose(0));
        var parts = Play(TunerCatalog.Create("eci", space, seed: 8), 3).Select(result => result.TrialSettings.Parameter).ToList();
        Assert.Equal(new[] { "frozen", "partial", "scratch" }.Select(mode => space.Restrict("mode", ParameterValue.FromString(mode)).Default), parts);
    }

    [Fact]
    public void Unknown_names_and_unfit_spaces_are_refused()
    {
        Assert.Contains("did you mean 'tpe'", Assert.Throws<ConfigurationException>(() => TunerCatalog.Create("tpee", TestSpaces.Finite(), 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => TunerCatalog.Create("eci", TestFunction.Branin.Space, 0));
        Assert.Throws<ConfigurationException>(() => TunerCatalog.Create("random", [], 0));
    }

    private static List<TrialResult> Play(ITuner tuner, int trials)
    {
        var results = new List<TrialResult>();
        for (var trial = 0; trial < trials; trial++)
        {
            var parameter = tuner.Propose(trial)!;
            results.Add(Trying.Result(trial, parameter, TestFunction.Mixed.Loss(parameter), seconds: TestFunction.Mixed.Seconds(parameter)));
            tuner.Update(results[^1]);
        }

        return results;
    }
}
