namespace MLNetCnn.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded for gradients.</summary>
        public bool requires_grad
        {
            get
            {
                Check(mnc_requires_grad(this, out var result));
                return result;
            }
            set => Check(mnc_set_requires_grad(this, value));
        }

        /// <summary>Whether no recorded operation made this tensor.</summary>
        public bool is_leaf
        {
            get
            {
                Check(mnc_is_leaf(this, out var result));
                return result;
            }
        }

        /// <summary>The gradient that <see cref="backward"/> added up here, or null.</summary>
        public Tensor? grad
        {
            get
            {
                Check(mnc_grad(this, out var result));
                return result == 0 ? null : new Tensor(result);
            }
            set => Check(mnc_set_grad(this, value));
        }

        /// <summary>Sets <see cref="requires_grad"/>.</summary>
        /// <returns>This tensor.</returns>
        public Tensor requires_grad_(bool requires_grad = true) => Done(mnc_set_requires_grad(this, requires_grad));

        /// <summary>Keeps the gradient of a tensor that an operation made.</summary>
        public void retain_grad() => Check(mnc_retain_grad(this));

        /// <summary>The same data, outside the graph.</summary>
        public Tensor detach() => Owned(mnc_detach(this, out var result), result);

        /// <summary>Adds the gradients of this tensor to the <see cref="grad"/> of every leaf that it came from.</summary>
        /// <param name="gradient">The gradient of this tensor; 1 by default, for a tensor of one element.</param>
        /// <param name="retain_graph">Keeps the graph for another call.</param>
        /// <param name="create_graph">Records the computation of the gradients too.</param>
        public void backward(Tensor? gradient = null, bool retain_graph = false, bool create_graph = false) =>
            Check(mnc_backward(this, gradient, retain_graph || create_graph, create_graph));
    }
}
