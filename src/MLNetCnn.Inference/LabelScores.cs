using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MLNetCnn.Inference;

/// <summary>Scores seen as <c>label → probability</c>, in the order of the labels: a view, no dictionary is built.</summary>
internal sealed class LabelScores(LabelIndex labels, float[] score) : IReadOnlyDictionary<string, float>
{
    public int Count => score.Length;

    public IEnumerable<string> Keys => labels.Labels;

    public IEnumerable<float> Values => score;

    public float this[string key] => TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"the model has no label '{key}': its labels are {string.Join(", ", labels.Labels)}");

    public bool ContainsKey(string key) => labels.TryFind(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out float value)
    {
        var found = labels.TryFind(key, out var position);
        value = found ? score[position] : 0;
        return found;
    }

    public IEnumerator<KeyValuePair<string, float>> GetEnumerator() =>
        labels.Labels.Zip(score, KeyValuePair.Create).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
