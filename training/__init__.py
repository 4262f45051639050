"""How the shipped language model is made: data, augmentation, training, export, figures. Not part of the installed package."""
