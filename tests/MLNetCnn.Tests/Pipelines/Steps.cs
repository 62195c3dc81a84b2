using System.Text.Json.Nodes;

namespace MLNetCnn.Tests.Pipelines;

/// <summary>Doubles a Single column, and counts how often it is asked to.</summary>
public sealed class DoublingTransformer(string output, string input) : RowToRowTransformer, ILoadable<DoublingTransformer>
{
    public static string Kind => "test-doubling";

    public int Getters { get; private set; }

    public int Values { get; private set; }

    public static DoublingTransformer Load(JsonObject parameters) => new(parameters.Required<string>("output"), parameters.Required<string>("input"));

    public JsonObject SaveParameters() => new() { ["output"] = output, ["input"] = input };

    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var column = inputSchema[input];
        return OutputColumn.All(inputSchema).Append(OutputColumn.Computed<float>(output, NumberDataViewType.Single, [column], context =>
        {
            Getters++;
            var getter = context.Input.GetGetter<float>(column);
            return (ref float value) =>
            {
                Values++;
                getter(ref value);
                value *= 2;
            };
        }));
    }
}

public sealed class DoublingEstimator(DoublingTransformer transformer, string output, string input) : TrivialEstimator<DoublingTransformer>(transformer)
{
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.Any(column => column.Name == input)
        ? new(inputSchema.Append(new(output, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false)))
        : throw new InvalidOperationException($"no column '{input}'");
}

/// <summary>Names the class whose mean of a Single column is nearest: a whole classifier in a few lines.</summary>
public sealed class NearestMeanTrainer(string feature, string label) : IEstimator<NearestMeanTransformer>
{
    public int Fits { get; private set; }

    public NearestMeanTransformer Fit(IDataView input)
    {
        Fits++;
        var (x, y) = (input.Schema[feature], input.Schema[label]);
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        y.GetKeyValues(ref names);
        var (sums, counts) = (new double[names.Length], new double[names.Length]);
        using var cursor = input.GetRowCursor([x, y]);
        var (getFeature, getLabel) = (cursor.GetGetter<float>(x), cursor.GetGetter<uint>(y));
        while (cursor.MoveNext())
        {
            var (value, key) = (0f, 0u);
            getFeature(ref value);
            getLabel(ref key);
            sums[key - 1] += value;
            counts[key - 1]++;
        }

        return new NearestMeanTransformer(feature, [.. sums.Zip(counts, (sum, count) => sum / count)], [.. names.DenseValues().Select(name => name.ToString())]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => new(
    [
        .. inputSchema,
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false),
        new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape(
            [new(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)])),
    ]);
}

public sealed class NearestMeanTransformer(string feature, double[] means, string[] names) : RowToRowTransformer
{
    public int Scored { get; private set; }

    public double[] Means => means;

    public string[] Names => names;

    public string Feature => feature;

    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var column = inputSchema[feature];
        return
        [
            .. OutputColumn.All(inputSchema),
            OutputColumn.Computed<VBuffer<float>>(
                DefaultColumnNames.Score, new VectorDataViewType(NumberDataViewType.Single, names.Length), [column],
                context => (ref VBuffer<float> value) => VBuffer.Fill<float>(context.Shared(this, Scorer)(), ref value),
                AnnotationUtils.SlotNames(names)),
            OutputColumn.Computed<uint>(
                DefaultColumnNames.PredictedLabel, new KeyDataViewType(typeof(uint), names.Length), [column],
                context => (ref uint value) => value = (uint)Array.IndexOf(context.Shared(this, Scorer)(), context.Shared(this, Scorer)().Max()) + 1,
                AnnotationUtils.KeyValues(names)),
        ];

        Func<float[]> Scorer(MappingContext context)
        {
            var getter = context.Input.GetGetter<float>(column);
            var (position, scores) = (-1L, Array.Empty<float>());
            return () =>
            {
                if (position != context.Input.Position)
                {
                    Scored++;
                    var value = 0f;
                    getter(ref value);
                    var weights = means.Select(mean => Math.Exp(-Math.Abs(mean - value))).ToArray();
                    (position, scores) = (context.Input.Position, [.. weights.Select(weight => (float)(weight / weights.Sum()))]);
                }

                return scores;
            };
        }
    }
}
