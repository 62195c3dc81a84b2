namespace MLNetCnn.MicrosoftML.Tests;

/// <summary>This library's evaluation against ML.NET's own of the same predictions.</summary>
public sealed class MetricsTests(Garments garments) : IClassFixture<Garments>
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Metrics_are_those_of_ML_NET()
    {
        var keyed = garments.Trained.Transform(garments.Test);
        var theirs = garments.Context.MulticlassClassification.Evaluate(keyed, topKPredictionCount: 3);

        var rows = garments.Context.Data.CreateEnumerable<Scored>(keyed, reuseRowObject: false).ToList();
        var own = new Pipelines.MLContext();
        var labels = garments.Classifier.Model.Labels;
        var view = own.Data.LoadFromEnumerable(rows.Select(row => new OwnScored { Name = labels[(int)row.Label - 1], Score = row.Score, Predicted = labels[(int)row.PredictedLabel - 1] }));
        var keys = own.Data.LoadFromEnumerable(labels.Select(label => new KeyValue { Value = label }));
        var mapped = own.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: keys).Fit(view).Transform(view);
        var both = own.Transforms.Conversion.MapValueToKey("PredictedLabel", "Predicted", keyData: keys).Fit(mapped).Transform(mapped);
        var ours = own.MulticlassClassification.Evaluate(both, topKPredictionCount: 3);

        Assert.InRange(theirs.MicroAccuracy, 0.5, 0.999);
        Assert.Equal(theirs.MicroAccuracy, ours.MicroAccuracy, Tolerance);
        Assert.Equal(theirs.MacroAccuracy, ours.MacroAccuracy, Tolerance);
        Assert.Equal(theirs.LogLoss, ours.LogLoss, Tolerance);
        Assert.Equal(theirs.LogLossReduction, ours.LogLossReduction, Tolerance);
        Assert.Equal(theirs.TopKAccuracy, ours.TopKAccuracy, Tolerance);
        Assert.Equal(theirs.TopKAccuracyForAllK, ours.TopKAccuracyForAllK);
        Assert.Equal(theirs.PerClassLogLoss, ours.PerClassLogLoss, (left, right) => Math.Abs(left - right) < Tolerance);
        Assert.Equal(theirs.ConfusionMatrix.Counts, ours.ConfusionMatrix.Counts);
        Assert.Equal(theirs.ConfusionMatrix.PerClassPrecision, ours.ConfusionMatrix.PerClassPrecision);
        Assert.Equal(theirs.ConfusionMatrix.PerClassRecall, ours.ConfusionMatrix.PerClassRecall);
    }

    private sealed class Scored
    {
        public uint Label { get; set; }

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class OwnScored
    {
        public string Name { get; set; } = "";

        public string Predicted { get; set; } = "";

        [Pipelines.VectorType(10)]
        public float[] Score { get; set; } = [];
    }

    private sealed class KeyValue
    {
        public string Value { get; set; } = "";
    }
}
