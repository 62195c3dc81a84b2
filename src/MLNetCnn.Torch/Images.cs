namespace MLNetCnn.Torch;

public static partial class torch
{
    /// <summary>
    /// A training batch in one pass over memory: the picked images, normalised as <c>(x / 255 - mean) / std</c>, float32
    /// <c>[B, C, H, W]</c>.
    /// </summary>
    /// <param name="images">uint8 <c>[N, H, W, C]</c>, contiguous, on the processor; may be memory-mapped.</param>
    /// <param name="indices">int64 <c>[B]</c>: which images.</param>
    /// <param name="mean"><c>[C]</c>, of pixels scaled to 0..1.</param>
    /// <param name="std"><c>[C]</c>, of pixels scaled to 0..1.</param>
    /// <param name="channelsLast">Whether the channels of a pixel lie side by side.</param>
    /// <exception cref="TorchException">A type or shape is another, or an index is none of an image.</exception>
    public static Tensor image_batch(Tensor images, Tensor indices, Tensor mean, Tensor std, bool channelsLast) =>
        Owned(mnc_image_batch(images, indices, mean, std, channelsLast, out var result), result);

    /// <summary>
    /// Keeps the score of a training without a copy to the host per step: adds a batch's loss times its size to <c>totals[0]</c>, and
    /// how many of its images are named right (whose largest logit, the first of equals, is their label's) to <c>totals[1]</c>.
    /// </summary>
    /// <param name="totals">float64 <c>[2]</c>, changed in place.</param>
    /// <param name="loss">The batch's mean loss, one number.</param>
    /// <param name="logits"><c>[N, classes]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    /// <exception cref="TorchException">A type or shape is another.</exception>
    public static void tally_(Tensor totals, Tensor loss, Tensor logits, Tensor labels) => Check(mnc_tally(totals, loss, logits, labels));
}
