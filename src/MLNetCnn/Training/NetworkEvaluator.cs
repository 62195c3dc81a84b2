namespace MLNetCnn.Training;

/// <summary>Runs a network over a split without training it.</summary>
internal sealed class NetworkEvaluator(Module<Tensor, Tensor> network, int classes, int batchSize, Func<Tensor, Tensor, Tensor> loss, Precision precision)
{
    /// <summary>The number of classes.</summary>
    public int Classes => classes;

    /// <summary>Mean loss and top-1 accuracy.</summary>
    public sealed record Result(double Loss, double Accuracy);

    /// <summary>Loss and accuracy over all of <paramref name="batches"/>.</summary>
    public Result Evaluate(IBatches batches)
    {
        double lossSum = 0;
        long correct = 0;
        ForEachBatch(batches, (logits, labels, _) =>
        {
            lossSum += loss(logits, labels).ToDouble() * labels.shape[0];
            correct += logits.argmax(1).eq(labels).sum().ToInt64();
        });
        return new Result(lossSum / batches.Count, (double)correct / batches.Count);
    }

    /// <summary>The probabilities of every image, in the split's order: row-major <c>[N, classes]</c>.</summary>
    public float[] Probabilities(IBatches batches)
    {
        var result = new float[(long)batches.Count * classes];
        ForEachBatch(batches, (logits, _, start) =>
        {
            var rows = logits.softmax(1).cpu().contiguous();
            rows.data<float>().AsSpan().CopyTo(result.AsSpan(start * classes));
        });
        return result;
    }

    private void ForEachBatch(IBatches batches, Action<Tensor, Tensor, int> visit)
    {
        var wasTraining = network.training;
        network.eval();
        using (no_grad())
        using (var order = batches.InOrder())
        {
            for (var start = 0; start < batches.Count; start += batchSize)
            {
                using var scope = NewDisposeScope();
                var (images, labels, _) = batches.Take(order, start, Math.Min(batchSize, batches.Count - start));
                using var cast = precision.Begin(images.device);
                visit(network.call(images).to(ScalarType.Float32), labels, start);
            }
        }

        network.train(wasTraining);
    }
}
