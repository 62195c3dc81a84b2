using System.Text.Json.Nodes;

using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Testing;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

public class SearchSpaceTests
{
    [Fact]
    public void Points_go_to_the_unit_cube_and_back()
    {
        var space = TestSpaces.Conditional();
        var random = new SeededRandom(1);
        for (var i = 0; i < 500; i++)
        {
            var parameter = space.Sample(random);
            Assert.Empty(space.Problems(parameter));
            var features = space.MappingToFeatureSpace(parameter);
            Assert.All(features, feature => Assert.InRange(feature, 0, 1));
            var back = space.SampleFromFeatureSpace(features);
            Assert.Equal(parameter.Keys, back.Keys);
            Assert.All(parameter, pair =>
            {
                if (pair.Value.Value is double number)
                {
                    Assert.Equal(number, back[pair.Key].AsType<double>(), 1e-6 * Math.Abs(number));
                }
                else
                {
                    Assert.Equal(pair.Value, back[pair.Key]);
                }
            });
            Assert.Equal(parameter, Parameter.Parse(parameter.ToString()));
        }
    }

    [Theory]
    [InlineData(1, 1_000_000, true)]
    [InlineData(-40, 60, false)]
    [InlineData(int.MinValue + 1, int.MaxValue, false)]
    public void Whole_numbers_come_back_exactly(int min, int max, bool logBase)
    {
        var option = new UniformIntOption(min, max, logBase);
        var random = new SeededRandom(2);
        foreach (var value in Enumerable.Range(0, 2000).Select(_ => min + (long)(random.NextDouble() * ((double)max - min))).Append(min).Append(max))
        {
            Assert.Equal(value, option.SampleFromFeatureSpace(option.MappingToFeatureSpace(ParameterValue.FromInt(value))).Value);
        }
    }

    [Fact]
    public void Options_of_a_choice_are_active_under_it_only()
    {
        var space = TestSpaces.Conditional();
        Assert.Equal("""{"mode":"frozen","learningRate":0.001,"head.dropout":0.2,"weightDecay":1E-06,"batchSize":16,"layers":0}""", space.Default.ToString());
        Assert.Equal(0.2, (double)space.Default.ToNestedJson()["head"]!["dropout"]!);
        var random = new SeededRandom(3);
        var parameters = Enumerable.Range(0, 300).Select(_ => space.Sample(random)).ToList();
        Assert.All(parameters, parameter =>
        {
            var mode = parameter["mode"].AsType<string>();
            Assert.Equal(mode == "frozen", parameter.ContainsKey("head.dropout"));
            Assert.Equal(mode == "scratch", parameter.ContainsKey("width"));
            Assert.Equal(mode != "partial", parameter.ContainsKey("learningRate"));
            Assert.Equal(mode == "scratch" && parameter["norm"].AsType<bool>(), parameter.ContainsKey("momentum"));
        });
        Assert.Equal(3, parameters.Select(parameter => parameter["mode"]).Distinct().Count());

        var wrong = new Parameter(parameters.First(parameter => parameter["mode"].AsType<string>() == "partial")
            .Append(new("width", ParameterValue.FromInt(9))).Append(new("batchsize", ParameterValue.FromInt(9)))
            .Where(pair => pair.Key != "layers"));
        Assert.Equal(
            ["'layers' is missing", "'width' is not active under the choices made: leave it out", "'batchsize' is no option here, did you mean 'batchSize'?"],
            space.Problems(wrong));
    }

    [Fact]
    public void Points_are_counted_and_listed_once_each()
    {
        var space = TestSpaces.Finite();
        Assert.Equal(12, space.PointCount);
        Assert.Equal(12, space.Grid(10).Distinct().Count());
        Assert.Equal(12, space.Grid(10).Count());
        Assert.All(space.Grid(10), point => Assert.Empty(space.Problems(point)));
        Assert.Null(TestSpaces.Conditional().PointCount);
        Assert.Equal(6, space.Restrict("mode", ParameterValue.FromString("a")).PointCount);
        // Always active: 3 × 4 × 3. Partial brings nothing, frozen 3 × 3, scratch 3 × 3 × (3 + 1).
        Assert.Equal(36 * (1 + 9 + 36), TestSpaces.Conditional().Grid(3).Count());
    }

    [Fact]
    public void Values_are_read_as_the_types_they_fit()
    {
        var parameter = new Parameter([new("optimizer.kind", ParameterValue.From(DayOfWeek.Friday)), new("epochs", ParameterValue.From(3)), new("rate", ParameterValue.From(0.1f))]);
        Assert.Equal((DayOfWeek.Friday, 3, 3.0, 0.1, 0.1f), (
            parameter["optimizer.kind"].AsType<DayOfWeek>(), parameter["epochs"].AsType<int>(), parameter["epochs"].AsType<double>(), parameter["rate"].AsType<double>(), parameter["rate"].AsType<float>()));
        Assert.Contains("0.1 is no Int32", Assert.Throws<InvalidOperationException>(() => parameter["rate"].AsType<int>()).Message, StringComparison.Ordinal);
        Assert.Contains("'rat' is not among", Assert.Throws<KeyNotFoundException>(() => parameter["rat"]).Message, StringComparison.Ordinal);
        Assert.Equal(ParameterValue.From(3), ParameterValue.From(3.0));
        Assert.Equal(parameter, new Parameter(parameter.Reverse()));
    }

    [Fact]
    public void Wrong_options_and_names_are_refused_with_the_rule()
    {
        Assert.Equal(2, Assert.Throws<ConfigurationException>(() => new UniformDoubleOption(0, double.NaN, logBase: true)).Problems.Count);
        Assert.Contains("from 1 to 2", Assert.Throws<ConfigurationException>(() => new UniformIntOption(1, 2, defaultValue: 3)).Message, StringComparison.Ordinal);
        Assert.Contains("2 times", Assert.Throws<ConfigurationException>(() => new ChoiceOption("a", "b", "a")).Message, StringComparison.Ordinal);
        var space = TestSpaces.Conditional();
        foreach (var name in new[] { "mode", "learningRate", "head", "batchSize.more", "1st", "a..b", "" })
        {
            Assert.Throws<ConfigurationException>(() => space.Add(name, new ChoiceOption(1)));
        }

        Assert.Throws<ConfigurationException>(() => space.Add("outer", new ChoiceOption(1).When(1, new SearchSpace { { "width", new ChoiceOption(1) } })));
        Assert.Throws<ConfigurationException>(() => space.Restrict("layers", ParameterValue.FromInt(1)));
    }

    [Fact]
    public void A_space_is_read_back_as_written()
    {
        foreach (var space in new[] { TestSpaces.Conditional(), TestSpaces.Finite() })
        {
            var json = SearchSpaceJson.Write(space);
            var back = SearchSpaceJson.Parse(json, "space.json");
            Assert.Equal(json, SearchSpaceJson.Write(back));
            Assert.Equal(space.Sample(new SeededRandom(4)), back.Sample(new SeededRandom(4)));
        }
    }

    [Fact]
    public void All_problems_of_a_file_are_told_at_once_with_their_places()
    {
        const string json = """
            { "descripton": "x", "options": {
              "rate": { "kind": "double", "min": 1, "max": 0.1 },
              "width": { "kind": "int", "min": 1.5, "max": 4 },
              "1st": { "kind": "choice", "choices": [1] },
              "size": { "kind": "choices", "choices": [1] },
              "batch": { "kind": "choice", "choices": [16, 32, 16], "init": [] },
              "mode": { "kind": "choice", "choices": ["a", "b"], "when": { "c": { "rate": { "kind": "choice", "choices": [1] } } } } } }
            """;
        var problems = Assert.Throws<ConfigurationException>(() => SearchSpaceJson.Parse(json, "space.json")).Problems;
        foreach (var place in new[] { "$.descripton", "$.options.rate", "$.options.width.min", "$.options.1st", "$.options.size.kind", "$.options.batch", "$.options.batch.init", "$.options.mode.when.c" })
        {
            Assert.Contains(problems, problem => problem.StartsWith($"space.json: {place}: ", StringComparison.Ordinal));
        }

        Assert.Contains("line 2", Assert.Throws<ConfigurationException>(() => SearchSpaceJson.Parse("{\n oops", "space.json")).Message, StringComparison.Ordinal);
        Assert.Contains("can't be read", Assert.Throws<ConfigurationException>(() => SearchSpaceJson.Load("nowhere/space.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_and_the_reader_accept_the_same_files()
    {
        var good = JsonNode.Parse(SearchSpaceJson.Write(TestSpaces.Conditional()))!;
        var files = new List<JsonNode> { good, JsonNode.Parse(SearchSpaceJson.Write(TestSpaces.Finite()))! };
        void Vary(Action<JsonObject> change)
        {
            var copy = good.DeepClone();
            change((JsonObject)copy);
            files.Add(copy);
        }

        Vary(file => file["more"] = 1);
        Vary(file => file["description"] = "A sentence.");
        Vary(file => file["$schema"] = "sweep-space.schema.json");
        Vary(file => file.Remove("options"));
        Vary(file => file["options"] = new JsonObject());
        Vary(file => file["options"]!["weightDecay"]!["min"] = 0);
        Vary(file => file["options"]!["weightDecay"]!["min"] = "1");
        Vary(file => ((JsonObject)file["options"]!["weightDecay"]!).Remove("max"));
        Vary(file => ((JsonObject)file["options"]!["weightDecay"]!).Remove("init"));
        Vary(file => file["options"]!["weightDecay"]!["step"] = 1);
        Vary(file => file["options"]!["layers"]!["min"] = -1.5);
        Vary(file => file["options"]!["layers"]!["kind"] = "integer");
        Vary(file => file["options"]!["batchSize"]!["choices"] = new JsonArray());
        Vary(file => file["options"]!["batchSize"]!["choices"]!.AsArray().Add(16));
        Vary(file => file["options"]!["batchSize"]!["choices"]!.AsArray().Add("more"));
        Vary(file => file["options"]!["batchSize"]!["choices"]!.AsArray().Add(new JsonArray()));
        Vary(file => file["options"]!["a b"] = new JsonObject { ["kind"] = "choice", ["choices"] = new JsonArray(1) });
        Vary(file => file["options"]!["mode"]!["when"]!["frozen"]!["learningRate"]!["logBase"] = 1);
        var answer = PythonOracle.Run("""
            import jsonschema
            validator = jsonschema.Draft202012Validator(inputs['schema'])
            outputs = {'valid': [validator.is_valid(file) for file in inputs['files']]}
            """, new()
        {
            ["schema"] = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "data-manifests", "sweep-space.schema.json"))),
            ["files"] = new JsonArray([.. files.Select(file => file.DeepClone())]),
        });
        var accepted = answer["valid"]!.AsArray().Select(valid => (bool)valid!).ToList();
        Assert.Equal(6, accepted.Count(valid => valid));
        Assert.All(files.Zip(accepted), pair => Assert.Equal(pair.Second, Record.Exception(() => SearchSpaceJson.Parse(pair.First.ToJsonString(), "file")) is null));
    }
}
