using Microsoft.ML;
using Microsoft.ML.Data;

using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML.Tests;

/// <summary>The trainer among ML.NET's own steps, loaders, evaluators and engines.</summary>
public sealed class PipelineTests(Garments garments) : IClassFixture<Garments>
{
    private readonly MLContext _context = garments.Context;

    [Fact]
    public void A_chain_of_ML_NET_fits_and_its_evaluator_finds_the_classifier_good()
    {
        var metrics = _context.MulticlassClassification.Evaluate(garments.Trained.Transform(garments.Test));
        Assert.InRange(metrics.MicroAccuracy, 0.6, 1);
        Assert.Equal(garments.ClassNames.Count, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void It_is_the_network_that_this_librarys_own_pipelines_train()
    {
        var own = new Pipelines.MLContext(Garments.Seed);
        var photos = own.Data.LoadFromEnumerable(_context.Data.CreateEnumerable<Photo>(garments.Train, reuseRowObject: false));
        var keyed = own.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Name)).Fit(photos).Transform(photos);
        using var model = own.MulticlassClassification.Trainers.ImageClassification(Garments.Options).Fit(keyed);
        Assert.Equal(model.Model.Labels, garments.Classifier.Model.Labels);
        foreach (var photo in garments.TestPhotos.Take(20))
        {
            Assert.Equal(model.Model.Predict(photo.Image).Score.ToArray(), garments.Classifier.Model.Predict(photo.Image).Score.ToArray());
        }
    }

    [Fact]
    public void Every_row_of_a_view_is_scored_as_its_image_is_alone_in_any_order()
    {
        var view = _context.Data.ShuffleRows(garments.Test, seed: 1);
        var photos = _context.Data.CreateEnumerable<Photo>(view, reuseRowObject: false).ToList();
        Assert.NotEqual(garments.TestPhotos.Select(photo => photo.Name), photos.Select(photo => photo.Name));
        var guesses = _context.Data.CreateEnumerable<Guess>(garments.Trained.Transform(view), reuseRowObject: false).ToList();
        Assert.Equal(garments.TestPhotos.Count, guesses.Count);
        foreach (var (photo, guess) in photos.Zip(guesses))
        {
            var alone = garments.Classifier.Model.Predict(photo.Image);
            Assert.Equal((photo.Name, alone.Label, (uint)alone.LabelIndex + 1), (guess.Name, guess.PredictedName, guess.PredictedLabel));
            Assert.All(alone.Score.ToArray().Zip(guess.Score), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    // Labels come of one cursor and scores of another: in another order each, every figure would be that of guessing.
    [Fact]
    public void Scored_rows_that_are_shuffled_keep_their_labels()
    {
        var scored = garments.Trained.Transform(_context.Data.Cache(garments.Test));
        var (metrics, shuffled) = (_context.MulticlassClassification.Evaluate(scored), _context.MulticlassClassification.Evaluate(_context.Data.ShuffleRows(scored, seed: 1)));
        Assert.InRange(metrics.MicroAccuracy, 0.5, 1);
        Assert.Equal(metrics.MicroAccuracy, shuffled.MicroAccuracy, 1e-12);
        Assert.Equal(metrics.LogLoss, shuffled.LogLoss, 1e-5);
    }

    [Fact]
    public void A_prediction_engine_answers_each_image_for_itself()
    {
        using var engine = _context.Model.CreatePredictionEngine<Photo, Guess>(garments.Trained, new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var photo in garments.TestPhotos.Take(30))
        {
            var (guess, alone) = (engine.Predict(photo), garments.Classifier.Model.Predict(photo.Image));
            Assert.Equal(alone.Label, guess.PredictedName);
            Assert.Equal(alone.Score.ToArray(), guess.Score);
        }
    }

    [Fact]
    public void Scores_carry_their_labels_as_slot_names()
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        garments.Trained.GetOutputSchema(garments.Test.Schema)["Score"].GetSlotNames(ref names);
        Assert.Equal(garments.Classifier.Model.Labels, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Nothing_is_predicted_for_rows_that_are_passed_over()
    {
        var view = _context.Data.LoadFromEnumerable([new Photo { Image = [1, 2, 3], Name = "broken" }, garments.TestPhotos[0]]);
        var scored = garments.Classifier.Transform(view);
        Assert.Equal(["broken", garments.TestPhotos[0].Name], scored.GetColumn<string>("Name"));
        using var cursor = scored.GetRowCursor([scored.Schema["PredictedLabel"]]);
        Assert.False(cursor.IsColumnActive(scored.Schema["Score"]));
        var getter = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
        var label = 0u;
        Assert.True(cursor.MoveNext() && cursor.MoveNext());
        getter(ref label);
        Assert.Equal((uint)garments.Classifier.Model.Predict(garments.TestPhotos[0].Image).LabelIndex + 1, label);
        Assert.False(cursor.MoveNext());
        Assert.Contains("row 0", Assert.Throws<Imaging.ImageFormatException>(() => scored.GetColumn<float[]>("Score").ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_come_from_files_as_ML_NET_loads_them()
    {
        using var folder = new TemporaryFolder();
        var files = garments.TestPhotos.Take(12).Select((photo, index) => new PhotoFile { Path = $"{index}.png", Photo = photo }).ToList();
        files.ForEach(file => File.WriteAllBytes(folder[file.Path], file.Photo.Image));
        var view = _context.Data.LoadFromEnumerable(files.Select(file => new { file.Path, file.Photo.Name }));
        var loaded = _context.Transforms.LoadRawImageBytes("Image", folder.Path, "Path").Fit(view).Transform(view);
        Assert.Equal(
            files.Select(file => garments.Classifier.Model.Predict(file.Photo.Image).Label),
            garments.Trained.Transform(loaded).GetColumn<string>("PredictedName"));
    }

    [Fact]
    public void ML_NET_cross_validates_it()
    {
        var keyed = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Name)).Fit(garments.Train).Transform(garments.Train);
        var trainer = _context.MulticlassClassification.Trainers.ImageClassification(Garments.Options with { Epoch = 4 });
        var folds = _context.MulticlassClassification.CrossValidate(keyed, trainer, numberOfFolds: 2);
        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.3, 1));
    }

    [Fact]
    public void A_view_of_ML_NET_validates()
    {
        var mapping = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Name)).Fit(garments.Train);
        var options = Garments.Options with { Epoch = 1 };
        using var model = _context.MulticlassClassification.Trainers.ImageClassification(options, mapping.Transform(garments.Test)).Fit(mapping.Transform(garments.Train));
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(mapping.Transform(garments.Test)));
        Assert.Equal(metrics.MicroAccuracy, model.History.Epochs.Single().ValidationAccuracy!.Value, 1e-9);
    }

    [Fact]
    public void Labels_may_be_numbers()
    {
        var numbered = garments.TestPhotos.Select(photo => new Numbered { Image = photo.Image, Number = garments.ClassNames.ToList().IndexOf(photo.Name) * 10 });
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Numbered.Number))
            .Append(_context.MulticlassClassification.Trainers.ImageClassification(Garments.Options with { Epoch = 1 }));
        var model = pipeline.Fit(_context.Data.LoadFromEnumerable(numbered));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(number => $"{number * 10}").Order(),
            model.OfType<ImageClassificationModel>().Single().Model.Labels.Order());
        model.Dispose();
    }

    [Fact]
    public void A_model_is_saved_as_a_zip_that_services_and_ML_NET_load()
    {
        using var folder = new TemporaryFolder();
        garments.Classifier.Save(folder["model.zip"]);
        var photo = garments.TestPhotos[7];
        using var model = ImageModel.Load(folder["model.zip"]);
        using var loaded = new MLContext().Model.LoadImageClassification(folder["model.zip"], predictedLabelColumnName: "Class");
        var expected = garments.Classifier.Model.Predict(photo.Image).Score.ToArray();
        Assert.Equal(expected, model.Predict(photo.Image).Score.ToArray());
        Assert.Equal(expected, loaded.Transform(garments.Test).GetColumn<float[]>("Score").ElementAt(7), (left, right) => Math.Abs(left - right) < 1e-5f);
        Assert.NotNull(loaded.GetOutputSchema(garments.Test.Schema).GetColumnOrNull("Class"));

        var refusal = Assert.Throws<NotSupportedException>(() => _context.Model.Save(garments.Trained, garments.Train.Schema, folder["chain.zip"]));
        Assert.Contains("LoadImageClassification", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ML_NET_runs_the_graph_of_a_model_itself()
    {
        const int Size = 28;
        using var folder = new TemporaryFolder();
        garments.Classifier.Save(folder["model.zip"]);
        File.WriteAllBytes(folder["model.onnx"], ModelPackage.Read(folder["model.zip"]).Onnx.ToArray());
        var images = garments.TestPhotos.Take(20).Select(photo => new Pixels { image = Imaging.MLImage.Decode(photo.Image, 3).Pixels.ToArray() });
        var pipeline = _context.Transforms.ApplyOnnxModel(
            outputColumnName: "scores", inputColumnName: "image", modelFile: folder["model.onnx"],
            shapeDictionary: new Dictionary<string, int[]> { ["image"] = [1, Size, Size, 3] });
        var view = _context.Data.LoadFromEnumerable(images);
        var scores = pipeline.Fit(view).Transform(view).GetColumn<float[]>("scores").ToList();
        Assert.Equal(20, scores.Count);
        foreach (var (photo, score) in garments.TestPhotos.Zip(scores))
        {
            Assert.All(garments.Classifier.Model.Predict(photo.Image).Score.ToArray().Zip(score), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void What_is_wrong_with_columns_is_said_before_anything_is_trained()
    {
        var trainer = _context.MulticlassClassification.Trainers.ImageClassification(Garments.Options with { LabelColumnName = nameof(Photo.Name) });
        Assert.Contains("MapValueToKey", Assert.Throws<InvalidOperationException>(() => trainer.Fit(garments.Train)).Message, StringComparison.Ordinal);
        var chain = new EstimatorChain<ITransformer>().Append(trainer);
        Assert.Contains("'Name' must be a key", Assert.Throws<InvalidOperationException>(() => chain.Fit(garments.Train)).Message, StringComparison.Ordinal);

        var mapping = _context.Transforms.Conversion.MapValueToKey("Label", nameof(Photo.Name));
        foreach (var (feature, complaint) in new[] { ("Nothing", "'Image', 'Name', 'Label'"), (nameof(Photo.Name), "LoadRawImageBytes") })
        {
            var wrong = mapping.Append(_context.MulticlassClassification.Trainers.ImageClassification(Garments.Options with { FeatureColumnName = feature }));
            Assert.Contains(complaint, Assert.Throws<InvalidOperationException>(() => wrong.Fit(garments.Train)).Message, StringComparison.Ordinal);
        }

        var problems = Assert.Throws<ConfigurationException>(
            () => _context.MulticlassClassification.Trainers.ImageClassification(Garments.Options with { Epoch = 0, BatchSize = 0 })).Problems;
        Assert.Equal(2, problems.Count);
    }

    private sealed class PhotoFile
    {
        public required string Path { get; init; }

        public required Photo Photo { get; init; }
    }

    private sealed class Numbered
    {
        public byte[] Image { get; set; } = [];

        public int Number { get; set; }
    }

    private sealed class Pixels
    {
        [VectorType(28 * 28 * 3)]
        public byte[] image { get; set; } = [];
    }
}
