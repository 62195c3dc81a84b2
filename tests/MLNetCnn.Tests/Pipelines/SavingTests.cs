using System.Text.Json.Nodes;
using MLNetCnn.Testing;

[assembly: Loadable<MLNetCnn.Tests.Pipelines.DoublingTransformer>]
[assembly: LoadableModelFormat<MLNetCnn.Tests.Pipelines.SavingTests.JsonFormat>]

namespace MLNetCnn.Tests.Pipelines;

public sealed class SavingTests
{
    private readonly MLContext _ml = new(1);

    public SavingTests() => _ml.ComponentCatalog.RegisterAssembly(typeof(SavingTests).Assembly);

    [Fact]
    public void A_model_saved_and_loaded_predicts_the_same_and_knows_its_input_schema()
    {
        using var folder = new TemporaryFolder();
        var view = _ml.Data.LoadFromEnumerable(ChainTests.Animals(20));
        var model = Trained(view);
        _ml.Model.Save(model, view.Schema, folder["model.json"]);

        var loaded = new MLContext();
        loaded.ComponentCatalog.RegisterAssembly(typeof(SavingTests).Assembly);
        var again = loaded.Model.Load(folder["model.json"], out var schema);

        Assert.Equal(view.Schema.ToString(), schema!.ToString());
        Assert.Equal(["model.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        using var before = _ml.Model.CreatePredictionEngine<ChainTests.Animal, ChainTests.Named>(model);
        using var after = loaded.Model.CreatePredictionEngine<ChainTests.Animal, ChainTests.Named>(again);
        foreach (var animal in ChainTests.Animals(20))
        {
            Assert.Equal(before.Predict(animal).PredictedLabel, after.Predict(animal).PredictedLabel);
            Assert.Equal(before.Predict(animal).Score, after.Predict(animal).Score);
        }
    }

    [Fact]
    public void Chains_within_chains_are_laid_flat_with_their_scopes_and_steps_come_back_as_they_were()
    {
        var view = _ml.Data.LoadFromEnumerable([new Row { Text = "a", Number = 1.5f, Flag = true }, new Row { Text = "ä \"b\"", Number = float.PositiveInfinity }]);
        var conversion = _ml.Transforms.Conversion;
        var inner = conversion.MapValueToKey("Text").Append(conversion.MapValueToKey("N", "Number")).Append(conversion.MapValueToKey("Flag", addKeyValueAnnotationsAsText: true));
        var model = _ml.Transforms.CopyColumns("Copy", "Number")
            .Append(inner, TransformerScope.TrainTest)
            .Append(_ml.Transforms.DropColumns("Copy"))
            .Append(conversion.MapKeyToValue("T", "Text"), TransformerScope.Testing).Fit(view);

        var json = TransformerChainJson.ToJson(model);
        var loaded = TransformerChainJson.FromJson((JsonArray)JsonNode.Parse(json.ToJsonString())!, _ml.ComponentCatalog);

        Assert.Equal(
            "CopyColumns:Everything MapValueToKey:TrainTest MapValueToKey:TrainTest MapValueToKey:TrainTest SelectColumns:Everything MapKeyToValue:Testing",
            string.Join(" ", json.Select(step => $"{step!["kind"]}:{step["scope"]}")));
        Assert.Equal(json.ToJsonString(), TransformerChainJson.ToJson(loaded).ToJsonString());
        Assert.Equal(
            model.Transform(view, TransformerScope.Everything).Preview().RowView.Select(row => row.ToString()),
            loaded.Transform(view, TransformerScope.Everything).Preview().RowView.Select(row => row.ToString()));
    }

    [Fact]
    public void A_schema_keeps_types_slot_names_and_key_values()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Image", new VectorDataViewType(NumberDataViewType.Byte, 0, 28, 3));
        builder.AddColumn("Label", new KeyDataViewType(typeof(ushort), 2), AnnotationUtils.KeyValues(["a", "b"]));
        builder.AddColumn("Score", new VectorDataViewType(NumberDataViewType.Single, 2), AnnotationUtils.SlotNames(["a", "b"]));
        builder.AddColumn("Keys", new VectorDataViewType(new KeyDataViewType(typeof(byte), 255), 4));
        builder.AddColumn("Flag", BooleanDataViewType.Instance);
        var schema = builder.ToSchema();

        var loaded = DataViewSchemaJson.FromJson((JsonArray)JsonNode.Parse(DataViewSchemaJson.ToJson(schema).ToJsonString())!, _ml.ComponentCatalog);

        Assert.Equal(schema.Select(column => column.Type), loaded.Select(column => column.Type));
        Assert.Equal(["a", "b"], KeyMappingTests.KeyValues(loaded["Label"]));
        Assert.True(loaded["Score"].HasSlotNames());
    }

    [Fact]
    public void What_is_unknown_or_damaged_is_named_and_nothing_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        var bare = new ComponentCatalog();

        var unknown = Assert.Throws<InvalidDataException>(() => TransformerChainJson.FromJson(
            new JsonArray(new JsonObject { ["kind"] = "test-doubling", ["scope"] = "Everything", ["parameters"] = new JsonObject() }), bare));
        Assert.StartsWith("the model holds a 'test-doubling', which is not known here (known: ", unknown.Message);
        Assert.All(["CopyColumns", "MapKeyToValue", "MapValueToKey", "SelectColumns"], kind => Assert.Contains(kind, unknown.Message));
        var damaged = Assert.Throws<InvalidDataException>(() => TransformerChainJson.FromJson(
            new JsonArray(new JsonObject { ["kind"] = "CopyColumns", ["scope"] = "Everything", ["parameters"] = new JsonObject { ["output"] = 3 } }), bare));
        Assert.StartsWith("the saved parameter 'output' is 3, but must be String", damaged.Message);
        File.WriteAllText(folder["odd"], "no model");
        Assert.Contains("is not a model of a known format (", Assert.Throws<InvalidDataException>(() => _ml.Model.Load(folder["odd"], out _)).Message);

        var model = new TransformerChain<ITransformer>(new Unsavable(), new DoublingTransformer("Y", "X"));
        Assert.Contains("Unsavable cannot be saved", Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, null, folder["model"])).Message);
        Assert.Equal(["odd"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    private TransformerChain<KeyToValueMappingTransformer> Trained(IDataView view) => new DoublingEstimator(new DoublingTransformer("Weight", "Weight"), "Weight", "Weight")
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(new NearestMeanTrainer("Weight", "Label"))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view);

    /// <summary>A format whose trained part lies beside the chain, as a network does in a .zip.</summary>
    public sealed class JsonFormat : IModelFormat
    {
        private const string Trained = "test-nearest-mean";

        public string Name => "test .json";

        public bool CanSave(ITransformer model) => TransformerChainJson.Steps(model).Any(step => step is NearestMeanTransformer or Unsavable);

        public bool CanLoad(Stream stream) => stream.ReadByte() == '{';

        public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
        {
            var trained = TransformerChainJson.Steps(model).OfType<NearestMeanTransformer>().SingleOrDefault();
            var steps = new JsonArray([.. TransformerChainJson.Steps(model).Select(step => step == trained
                ? new JsonObject { ["kind"] = Trained, ["scope"] = "Everything", ["parameters"] = new JsonObject { ["feature"] = trained.Feature } }
                : TransformerChainJson.ToJson(step)[0]!.DeepClone())]);
            var json = new JsonObject
            {
                ["schema"] = inputSchema is null ? null : DataViewSchemaJson.ToJson(inputSchema),
                ["steps"] = steps,
                ["means"] = new JsonArray([.. trained!.Means.Select(mean => JsonValue.Create(mean))]),
                ["names"] = new JsonArray([.. trained.Names.Select(name => JsonValue.Create(name))]),
            };
            stream.Write(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        }

        public ITransformer Load(Stream stream, ComponentCatalog catalog, out DataViewSchema? inputSchema)
        {
            var json = (JsonObject)JsonNode.Parse(stream)!;
            inputSchema = json["schema"] is JsonArray schema ? DataViewSchemaJson.FromJson(schema, catalog) : null;
            return TransformerChainJson.FromJson(json.Required<JsonArray>("steps"), catalog.With(Trained, parameters =>
                new NearestMeanTransformer(parameters.Required<string>("feature"), json.Required<double[]>("means"), json.Required<string[]>("names"))));
        }
    }

    private sealed class Unsavable : RowToRowTransformer
    {
        protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema) => OutputColumn.All(inputSchema);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public float Number { get; set; }

        public bool Flag { get; set; }
    }
}
