namespace MLNetCnn.Tests.Pipelines;

public sealed class ChainTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Fit_pulls_rows_and_transform_does_not()
    {
        var pulled = 0;
        var view = _ml.Data.LoadFromEnumerable(Animals(20).Select(animal =>
        {
            pulled++;
            return animal;
        }));

        var model = Pipeline().Fit(view);
        Assert.Equal(40, pulled);
        var scored = model.Transform(view);
        Assert.Equal(40, pulled);
        Assert.Equal(20, _ml.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: true).Count());
        Assert.Equal(60, pulled);
    }

    [Fact]
    public void A_column_that_nobody_reads_is_never_computed()
    {
        var doubling = new DoublingTransformer("Twice", "Weight");
        var view = _ml.Data.LoadFromEnumerable(Animals(10));
        var model = new DoublingEstimator(doubling, "Twice", "Weight").Append(Pipeline()).Fit(view);

        Assert.Equal(10, _ml.Data.CreateEnumerable<Prediction>(model.Transform(view), reuseRowObject: true).Count());
        Assert.Equal((0, 0), (doubling.Getters, doubling.Values));
        Assert.Equal(10, _ml.Data.CreateEnumerable<Twice>(model.Transform(view), reuseRowObject: true).Count());
        Assert.Equal(10, doubling.Values);
    }

    [Fact]
    public void Score_and_predicted_label_of_one_row_are_computed_once()
    {
        var view = _ml.Data.LoadFromEnumerable(Animals(10));
        var model = Pipeline().Fit(view);

        Assert.All(_ml.Data.CreateEnumerable<Prediction>(model.Transform(view), reuseRowObject: true), row => Assert.Equal(2, row.Score.Length));

        Assert.Equal(10, model.OfType<NearestMeanTransformer>().Single().Scored);
    }

    [Fact]
    public void A_cache_checkpoint_reads_what_precedes_it_once_for_all_that_follows()
    {
        var doubling = new DoublingTransformer("Twice", "Weight");
        var view = _ml.Data.LoadFromEnumerable(Animals(10));
        var start = new DoublingEstimator(doubling, "Twice", "Weight").Append(_ml.Transforms.Conversion.MapValueToKey("Label"));
        var trainer = new NearestMeanTrainer("Twice", "Label");

        start.Append(trainer).Append(new NearestMeanTrainer("Twice", "Label")).Fit(view);
        Assert.Equal(20, doubling.Values);
        var cached = start.AppendCacheCheckpoint(_ml).Append(trainer).Append(new NearestMeanTrainer("Twice", "Label")).Fit(view);
        Assert.Equal(30, doubling.Values);
        Assert.IsType<NearestMeanTransformer>(cached.LastTransformer);
    }

    [Fact]
    public void A_step_takes_part_only_in_its_scope()
    {
        var view = _ml.Data.LoadFromEnumerable(Animals(4));
        var chain = _ml.Transforms.CopyColumns("A", "Label")
            .Append(_ml.Transforms.CopyColumns("B", "Label"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.CopyColumns("C", "A")).Fit(view);

        Assert.Null(chain.Transform(view).Schema.GetColumnOrNull("B"));
        Assert.NotNull(chain.Transform(view, TransformerScope.Everything).Schema.GetColumnOrNull("B"));
        Assert.Equal(3, chain.Count());
        Assert.Equal(2, chain.GetModelFor(TransformerScope.Scoring).Count());
    }

    [Fact]
    public void A_step_keeps_its_scope_whatever_chain_its_chain_becomes_a_part_of()
    {
        var view = _ml.Data.LoadFromEnumerable(Animals(4));
        IEstimator<ITransformer> labels = _ml.Transforms.CopyColumns("A", "Label").Append(_ml.Transforms.CopyColumns("B", "Label"), TransformerScope.TrainTest);
        foreach (var chain in new[] { labels.Append(_ml.Transforms.CopyColumns("C", "B"), TransformerScope.TrainTest), _ml.Transforms.CopyColumns("Z", "Label").Append(labels).Append(_ml.Transforms.CopyColumns("C", "B"), TransformerScope.TrainTest) })
        {
            var model = chain.Fit(view);
            Assert.NotNull(model.Transform(view, TransformerScope.Testing).Schema.GetColumnOrNull("C"));
            Assert.NotNull(model.GetOutputSchema(view.Schema, TransformerScope.Testing).GetColumnOrNull("B"));
            Assert.NotNull(model.Transform(view).Schema.GetColumnOrNull("A"));
            Assert.Null(model.Transform(view).Schema.GetColumnOrNull("B"));
        }
    }

    [Fact]
    public void A_step_that_lacks_its_column_is_named_before_anything_is_fitted()
    {
        var trainer = new NearestMeanTrainer("Weight", "Label");
        var view = _ml.Data.LoadFromEnumerable(Animals(4));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted"));

        var error = Assert.Throws<InvalidOperationException>(() => pipeline.Fit(view));

        Assert.StartsWith("MapKeyToValue needs a column 'Predicted'; the columns before it are 'Weight', 'Label'", error.Message);
        Assert.Equal(0, trainer.Fits);
    }

    [Fact]
    public void An_engine_predicts_single_objects_as_the_view_does_and_reuses_what_it_is_given()
    {
        var view = _ml.Data.LoadFromEnumerable(Animals(10));
        var model = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view);
        using var engine = _ml.Model.CreatePredictionEngine<Animal, Named>(model);

        var expected = _ml.Data.CreateEnumerable<Named>(model.Transform(view), reuseRowObject: false).ToList();
        Assert.Equal(expected.Select(row => row.PredictedLabel), Animals(10).Select(animal => engine.Predict(animal).PredictedLabel));
        Assert.Equal(expected.Select(row => row.Score), Animals(10).Select(animal => engine.Predict(animal).Score));

        var prediction = new Named();
        engine.Predict(new Animal { Weight = 4000 }, ref prediction);
        var array = prediction.Score;
        engine.Predict(new Animal { Weight = 5 }, ref prediction);
        Assert.Same(array, prediction.Score);
        Assert.Equal("cat", prediction.PredictedLabel);

        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        engine.OutputSchema["Score"].GetSlotNames(ref slots);
        Assert.Equal(["cat", "elephant"], slots.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Cross_validation_fits_every_fold_on_the_others_and_evaluates_it_on_that_one()
    {
        var trainer = new NearestMeanTrainer("Weight", "Label");
        // Keys are learned once, before the folds: a fold whose first row is an elephant must not number the classes differently.
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Append(trainer);

        var folds = _ml.MulticlassClassification.CrossValidate(_ml.Data.LoadFromEnumerable(Animals(100)), pipeline, numberOfFolds: 4);

        Assert.Equal(4, trainer.Fits);
        Assert.Equal([0, 1, 2, 3], folds.Select(fold => fold.Fold));
        Assert.Equal(100, folds.Sum(fold => fold.Metrics.Count));
        Assert.All(folds, fold => Assert.Equal(1, fold.Metrics.MicroAccuracy));
        Assert.All(folds, fold => Assert.Equal(fold.Metrics.Count, _ml.Data.CreateEnumerable<Prediction>(fold.ScoredHoldOutSet, reuseRowObject: true).Count()));
    }

    [Fact]
    public void Evaluation_of_a_view_equals_that_of_its_numbers_and_says_what_it_leaves_out()
    {
        var view = _ml.Data.LoadFromEnumerable(Animals(30));
        var model = Pipeline().Fit(view);
        var messages = new List<string>();
        _ml.Log += (_, message) => messages.Add(message.RawMessage);
        var odd = _ml.Data.LoadFromEnumerable([.. Animals(30), new Animal { Label = "", Weight = 3 }, new Animal { Label = "cat", Weight = 3990 }]);

        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(odd), topKPredictionCount: 2);

        Assert.Equal((31, 30 / 31.0, 1.0), (metrics.Count, metrics.MicroAccuracy, metrics.TopKAccuracy));
        Assert.Equal(["1 rows are left out: their label is missing or a score is not finite"], messages);
    }

    [Fact]
    public void Labels_numbered_otherwise_than_the_scores_or_not_numbered_at_all_are_refused()
    {
        var model = new NearestMeanTransformer("Weight", [5, 4000], ["elephant", "cat"]);
        var view = _ml.Data.LoadFromEnumerable(Animals(10));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

        Assert.Contains("key 1 of 'Label' is 'cat', but slot 0 of 'Score' is 'elephant'", Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Evaluate(model.Transform(keyed))).Message);
        Assert.Contains("the label column 'Label' is String", Assert.Throws<InvalidOperationException>(() => _ml.MulticlassClassification.Evaluate(model.Transform(view))).Message);
    }

    internal static IEnumerable<Animal> Animals(int count) => Enumerable.Range(0, count).Select(i => new Animal
    {
        Label = i % 3 == 1 ? "elephant" : "cat",
        Weight = i % 3 == 1 ? 4000 + i : 5 + (i / 100f),
    });

    private EstimatorChain<NearestMeanTransformer> Pipeline() =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(new NearestMeanTrainer("Weight", "Label"));

    public sealed class Animal
    {
        public string Label { get; set; } = "";

        public float Weight { get; set; }
    }

    public sealed class Named
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Twice
    {
        [ColumnName("Twice")]
        public float Value { get; set; }
    }
}
